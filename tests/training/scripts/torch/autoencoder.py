"""A denoising autoencoder, trained with accumulated gradients."""
import numpy as np
import torch
from torch import nn, optim

ACCUMULATE = 2
STEPS = 20


class Autoencoder(nn.Module):
    def __init__(self, width=12, code=3):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(width, 8), nn.ReLU(), nn.Linear(8, code))
        self.decoder = nn.Sequential(nn.Linear(code, 8), nn.ReLU(), nn.Linear(8, width), nn.Sigmoid())

    def forward(self, x):
        return self.decoder(self.encoder(x))


class Trainer:
    def __init__(self, model, lr=1e-2):
        self.model = model
        self.criterion = nn.MSELoss()
        self.optimizer = optim.AdamW(model.parameters(), lr=lr, weight_decay=1e-3)
        self.history = []

    def train_step(self, batches):
        self.optimizer.zero_grad()
        total = 0.0
        for noisy, clean in batches:
            loss = self.criterion(self.model(noisy), clean) / len(batches)
            loss.backward()
            total += loss.item()
        self.optimizer.step()
        self.history.append(total)
        return total


def batches(rng, clean, size=16):
    for start in range(0, ACCUMULATE * size, size):
        part = clean[start:start + size]
        noisy = part + 0.1 * rng.standard_normal(part.shape)
        yield torch.tensor(noisy, dtype=torch.float32), torch.tensor(part, dtype=torch.float32)


if __name__ == "__main__":
    rng = np.random.default_rng(3)
    clean = rng.random((32, 3)) @ rng.random((3, 12)) / 3
    trainer = Trainer(Autoencoder())
    for step in range(STEPS):
        loss = trainer.train_step(list(batches(rng, clean)))
        print(f"step {step:2d}  loss {loss:.5f}")
    print("best", min(trainer.history))
