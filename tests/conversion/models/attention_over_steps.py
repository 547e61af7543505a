# model: Attn(30, 6, 3)
# inputs: 4x7:int64<30
import torch
import torch.nn.functional as F
from torch import nn


class Attn(nn.Module):
    def __init__(self, vocab, hid, out):
        super().__init__()
        self.hid = hid
        self.emb = nn.Embedding(vocab, hid)
        self.gru = nn.GRU(hid, hid, num_layers=1, bidirectional=False)
        self.rnn = nn.RNN(hid, hid, 1, batch_first=True, nonlinearity="relu")
        self.w = nn.Parameter(torch.Tensor(hid, hid))
        self.u = nn.Parameter(torch.zeros(hid))
        nn.init.uniform_(self.w, -0.1, 0.1)
        self.out = nn.Linear(hid * 3, out)

    def attention(self, lstm_out, final_state):
        hidden = final_state.view(-1, self.hid, 1)
        weights = torch.bmm(lstm_out, hidden).squeeze(2)
        soft = F.softmax(weights, 1)
        return torch.bmm(lstm_out.transpose(1, 2), soft.unsqueeze(2)).squeeze(2), soft

    def forward(self, x):
        e = self.emb(x).permute(1, 0, 2)
        out, h = self.gru(e)
        out = out.permute(1, 0, 2)
        ctx, alpha = self.attention(out, h)
        u = torch.tanh(torch.matmul(out, self.w))
        score = F.softmax(torch.matmul(u, self.u), dim=1).unsqueeze(-1)
        pooled = torch.sum(out * score, 1)
        seq, last = self.rnn(out)
        self.alpha = alpha
        return self.out(torch.cat([ctx, pooled, last.squeeze(0)], 1))
