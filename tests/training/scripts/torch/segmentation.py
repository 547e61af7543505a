import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def double_conv(in_channels, out_channels):
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1, bias=False),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(inplace=True),
    )


class UNet(nn.Module):
    def __init__(self, n_channels=1, n_classes=1):
        super().__init__()
        self.down1 = double_conv(n_channels, 4)
        self.down2 = double_conv(4, 8)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ConvTranspose2d(8, 4, kernel_size=2, stride=2)
        self.conv = double_conv(8, 4)
        self.out = nn.Conv2d(4, n_classes, kernel_size=1)

    def forward(self, x):
        x1 = self.down1(x)
        x2 = self.down2(self.pool(x1))
        x = torch.cat([x1, self.up(x2)], dim=1)
        return self.out(self.conv(x))


def dice_loss(logits, target, smooth=1.0):
    probs = torch.sigmoid(logits)
    inter = (probs * target).sum(dim=(1, 2, 3))
    union = probs.sum(dim=(1, 2, 3)) + target.sum(dim=(1, 2, 3))
    return (1 - (2 * inter + smooth) / (union + smooth)).mean()


class Trainer:
    def __init__(self, model, images, masks, batch_size=4):
        self.model = model
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-2)
        self.images = torch.tensor(images, dtype=torch.float32)
        self.masks = torch.tensor(masks, dtype=torch.float32)
        self.batch_size = batch_size

    def run_batch(self, images, masks):
        logits = self.model(images)
        return F.binary_cross_entropy_with_logits(logits, masks) + dice_loss(logits, masks)

    def train_epoch(self):
        self.model.train()
        for start in range(0, len(self.images), self.batch_size):
            self.optimizer.zero_grad()
            loss = self.run_batch(
                self.images[start:start + self.batch_size], self.masks[start:start + self.batch_size]
            )
            loss.backward()
            self.optimizer.step()
            print(f"  loss {loss.item():.4f}")

    @torch.no_grad()
    def evaluate(self):
        self.model.eval()
        predicted = torch.sigmoid(self.model(self.images)) > 0.5
        truth = self.masks > 0.5
        return (predicted & truth).sum().item() / max(1, (predicted | truth).sum().item())


def squares(n, size=8, seed=0):
    rng = np.random.default_rng(seed)
    masks = np.zeros((n, 1, size, size))
    for mask in masks:
        top, left = rng.integers(0, size - 4, 2)
        mask[0, top:top + 4, left:left + 4] = 1
    return masks + 0.3 * rng.normal(size=masks.shape), masks


def main(epochs=5):
    trainer = Trainer(UNet(), *squares(16))
    for epoch in range(epochs):
        trainer.train_epoch()
        print(f"epoch {epoch}: IoU {trainer.evaluate():.3f}")


main()
