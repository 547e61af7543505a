"""Learns to reverse sequences, as a translation from one vocabulary into another."""
import math

import numpy as np
import torch
import torch.nn as nn

PAD, BOS = 0, 1
VOCAB, D_MODEL, LENGTH = 12, 16, 6


class PositionalEncoding(nn.Module):
    def __init__(self, d_model, max_len=50):
        super().__init__()
        position = torch.arange(max_len).unsqueeze(1)
        div_term = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
        pe = torch.zeros(1, max_len, d_model)
        pe[0, :, 0::2] = torch.sin(position * div_term)
        pe[0, :, 1::2] = torch.cos(position * div_term)
        self.register_buffer("pe", pe)

    def forward(self, x):
        return x + self.pe[:, :x.size(1)]


class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.src_embed = nn.Embedding(VOCAB, D_MODEL)
        self.tgt_embed = nn.Embedding(VOCAB, D_MODEL)
        self.position = PositionalEncoding(D_MODEL)
        self.transformer = nn.Transformer(D_MODEL, 2, 1, 1, 32, dropout=0.0, batch_first=True)
        self.generator = nn.Linear(D_MODEL, VOCAB)

    def forward(self, src, tgt):
        mask = torch.triu(torch.ones(tgt.size(1), tgt.size(1), dtype=torch.bool), diagonal=1)
        src = self.position(self.src_embed(src) * math.sqrt(D_MODEL))
        tgt = self.position(self.tgt_embed(tgt) * math.sqrt(D_MODEL))
        return self.generator(self.transformer(src, tgt, tgt_mask=mask))


def make_batch(rng, size=8):
    src = rng.integers(2, VOCAB, (size, LENGTH))
    out = src[:, ::-1].copy()
    out[:, -1] = PAD
    tgt = np.concatenate([np.full((size, 1), BOS), out[:, :-1]], axis=1)
    return torch.as_tensor(src), torch.as_tensor(tgt), torch.as_tensor(out)


def train(model, steps):
    rng = np.random.default_rng(2)
    criterion = nn.CrossEntropyLoss(ignore_index=PAD, label_smoothing=0.1)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2, betas=(0.9, 0.98), eps=1e-9)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / 10))
    model.train()
    for step in range(steps):
        src, tgt, out = make_batch(rng)
        logits = model(src, tgt)
        loss = criterion(logits.reshape(-1, VOCAB), out.reshape(-1))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
        optimizer.step()
        scheduler.step()
        print(f"step {step} loss {loss.item():.4f}")


if __name__ == "__main__":
    torch.manual_seed(0)
    train(Translator(), 20)
