# model: Seq2Seq(11, 13, 8, 6)
# inputs: 4x5:int64<11,4x6:int64<13
import random

import torch
import torch.nn.functional as F
from torch import nn


class Encoder(nn.Module):
    def __init__(self, words, emb, hid):
        super().__init__()
        self.embedding = nn.Embedding(words, emb)
        self.rnn = nn.GRU(emb, hid, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(hid * 2, hid)
        self.dropout = nn.Dropout(0.1)

    def forward(self, src):
        embedded = self.dropout(self.embedding(src))
        outputs, hidden = self.rnn(embedded)
        hidden = torch.tanh(self.fc(torch.cat((hidden[-2, :, :], hidden[-1, :, :]), dim=1)))
        return outputs, hidden


class Attention(nn.Module):
    def __init__(self, hid):
        super().__init__()
        self.attn = nn.Linear(hid * 3, hid)
        self.v = nn.Linear(hid, 1, bias=False)

    def forward(self, hidden, outputs):
        src_len = outputs.shape[1]
        hidden = hidden.unsqueeze(1).repeat(1, src_len, 1)
        energy = torch.tanh(self.attn(torch.cat((hidden, outputs), dim=2)))
        return F.softmax(self.v(energy).squeeze(2), dim=1)


class Decoder(nn.Module):
    def __init__(self, words, emb, hid, attention):
        super().__init__()
        self.words = words
        self.attention = attention
        self.embedding = nn.Embedding(words, emb)
        self.rnn = nn.GRU(hid * 2 + emb, hid, batch_first=True)
        self.out = nn.Linear(hid * 3 + emb, words)

    def forward(self, token, hidden, outputs):
        embedded = self.embedding(token.unsqueeze(1))
        a = self.attention(hidden, outputs).unsqueeze(1)
        weighted = torch.bmm(a, outputs)
        output, hidden = self.rnn(torch.cat((embedded, weighted), dim=2), hidden.unsqueeze(0))
        output, weighted, embedded = output.squeeze(1), weighted.squeeze(1), embedded.squeeze(1)
        prediction = self.out(torch.cat((output, weighted, embedded), dim=1))
        return prediction, hidden.squeeze(0)


class Seq2Seq(nn.Module):
    def __init__(self, source, target, emb, hid):
        super().__init__()
        self.encoder = Encoder(source, emb, hid)
        self.decoder = Decoder(target, emb, hid, Attention(hid))

    def forward(self, src, trg, teacher_forcing_ratio=1.0):
        batch, steps = trg.shape
        memory, hidden = self.encoder(src)
        outputs = memory.new_zeros(batch, steps, self.decoder.words)
        token = trg[:, 0]
        for t in range(1, steps):
            prediction, hidden = self.decoder(token, hidden, memory)
            outputs[:, t] = prediction
            teacher = random.random() < teacher_forcing_ratio
            top1 = prediction.argmax(1)
            token = trg[:, t] if teacher else top1
        return outputs
