import copy
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.nn.parameter import Parameter


class GraphConvolution(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super(GraphConvolution, self).__init__()
        self.weight = Parameter(torch.FloatTensor(in_features, out_features))
        if bias:
            self.bias = Parameter(torch.FloatTensor(out_features))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self):
        stdv = 1.0 / math.sqrt(self.weight.size(1))
        self.weight.data.uniform_(-stdv, stdv)
        if self.bias is not None:
            self.bias.data.uniform_(-stdv, stdv)

    def forward(self, input, adj):
        support = torch.mm(input, self.weight)
        output = torch.mm(adj, support)
        return output + self.bias if self.bias is not None else output


class GCN(nn.Module):
    def __init__(self, nfeat, nhid, nclass):
        super(GCN, self).__init__()
        self.gc1 = GraphConvolution(nfeat, nhid)
        self.gc2 = GraphConvolution(nhid, nclass)

    def forward(self, x, adj):
        x = F.relu(self.gc1(x, adj))
        x = self.gc2(x, adj)
        return F.log_softmax(x, dim=1)


def load_data(n=30):
    rng = np.random.RandomState(6)
    labels = rng.randint(0, 3, n)
    links = (rng.rand(n, n) < np.where(labels[:, None] == labels, 0.4, 0.05)).astype(float)
    links = np.maximum(links, links.T) + np.eye(n)
    adj = links / links.sum(1, keepdims=True)
    features = rng.randn(n, 5) + labels[:, None]
    return torch.FloatTensor(adj), torch.FloatTensor(features), torch.LongTensor(labels)


def accuracy(output, labels):
    preds = output.max(1)[1].type_as(labels)
    correct = preds.eq(labels).double()
    return correct.sum() / len(labels)


adj, features, labels = load_data()
idx_train, idx_val = torch.arange(20), torch.arange(20, 30)
model = GCN(nfeat=features.shape[1], nhid=8, nclass=labels.max().item() + 1)
optimizer = optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-4)

best, best_loss = None, float("inf")
for epoch in range(20):
    model.train()
    optimizer.zero_grad()
    output = model(features, adj)
    loss_train = F.nll_loss(output[idx_train], labels[idx_train])
    loss_train.backward()
    optimizer.step()

    model.eval()
    output = model(features, adj)
    loss_val = F.nll_loss(output[idx_val], labels[idx_val])
    if loss_val.item() < best_loss:
        best_loss = loss_val.item()
        best = copy.deepcopy(model.state_dict())
    print("Epoch: {:04d}".format(epoch + 1),
          "loss_train: {:.4f}".format(loss_train.item()),
          "acc_train: {:.4f}".format(accuracy(output[idx_train], labels[idx_train]).item()),
          "loss_val: {:.4f}".format(loss_val.item()))

model.load_state_dict(best)
print("best", best_loss)
