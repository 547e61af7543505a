#!/usr/bin/env python
# -*- coding: utf-8 -*-
"""Fit a plane to noisy points."""

import argparse

import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim


def make_data(n=28, seed=4):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2)).astype(np.float32)
    y = x[:, :1] - 2.0 * x[:, 1:] + 0.5
    return torch.from_numpy(x), torch.from_numpy(y)


def train(model, x, y, epochs, lr):
    criterion = nn.MSELoss()
    optimizer = optim.SGD(model.parameters(), lr=lr)
    history = []
    for epoch in range(epochs):
        optimizer.zero_grad()
        output = model(x)
        loss = criterion(output, y)
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return history


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--lr", type=float, default=0.1)
    args = parser.parse_args([])

    model = nn.Linear(2, 1)
    with torch.no_grad():
        model.weight.fill_(0.0)
        model.bias.fill_(0.0)

    x, y = make_data()
    history = train(model, x, y, args.epochs, args.lr)
    print(f"first {history[0]:.6f} last {history[-1]:.6f} mean {sum(history) / len(history):.6f}")
    print("weights:", [round(float(v), 4) for v in model.weight.detach().numpy().ravel()])


if __name__ == "__main__":
    main()
