# model: Net(5, 8, 3)
# inputs: 6x5
import torch
import torch.nn.functional as F
from torch import nn


class SAGE(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.weight = nn.Parameter(torch.FloatTensor(i, o))
        self.bias = nn.Parameter(torch.empty(o))
        self.register_buffer("edges", torch.tensor([[0, 1, 2, 3, 4, 5, 0], [1, 2, 3, 4, 5, 0, 3]]))
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.xavier_uniform_(self.weight.data, gain=1.414)
        nn.init.zeros_(self.bias)

    def forward(self, x):
        src, dst = self.edges
        h = torch.mm(x, self.weight)
        out = torch.zeros_like(h)
        out.index_add_(0, dst, h[src])
        deg = torch.zeros(x.size(0)).scatter_add_(0, dst, torch.ones(dst.size(0)))
        out = out / deg.clamp(min=1).unsqueeze(-1)
        return out + self.bias


class GAT(nn.Module):
    def __init__(self, i, o, alpha=0.2):
        super().__init__()
        self.W = nn.Parameter(torch.empty(size=(i, o)))
        nn.init.xavier_uniform_(self.W.data, gain=1.414)
        self.a = nn.Parameter(torch.empty(size=(2 * o, 1)))
        nn.init.xavier_uniform_(self.a.data, gain=1.414)
        self.leakyrelu = nn.LeakyReLU(alpha)
        self.o = o

    def forward(self, h, adj):
        Wh = torch.mm(h, self.W)
        Wh1 = torch.matmul(Wh, self.a[: self.o, :])
        Wh2 = torch.matmul(Wh, self.a[self.o :, :])
        e = self.leakyrelu(Wh1 + Wh2.T)
        zero_vec = -9e15 * torch.ones_like(e)
        attention = torch.where(adj > 0, e, zero_vec)
        attention = F.softmax(attention, dim=1)
        attention = F.dropout(attention, 0.1, training=self.training)
        return F.elu(torch.matmul(attention, Wh))


class Net(nn.Module):
    def __init__(self, i, h, o):
        super().__init__()
        self.conv = SAGE(i, h)
        self.att = nn.ModuleList([GAT(h, 4) for _ in range(2)])
        self.out = nn.Linear(8, o)

    def forward(self, x):
        x = F.relu(self.conv(x))
        adj = torch.eye(x.size(0)) + torch.ones(x.size(0), x.size(0)).tril()
        x = torch.cat([att(x, adj) for att in self.att], dim=1)
        return F.log_softmax(self.out(x), dim=1)
