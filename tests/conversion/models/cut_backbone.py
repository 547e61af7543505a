# model: Pair()
# inputs: 2x1x16x16, 2x1x16x16
import torch
from torch import nn


class Backbone(nn.Module):
    def __init__(self, widths=(8, 12), classes=10):
        super().__init__()
        self.stem = nn.Conv2d(3, widths[0], 5, stride=2, padding=2)
        self.norm = nn.BatchNorm2d(widths[0])
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(3, 2, 1)
        self.stage = nn.Sequential(nn.Conv2d(widths[0], widths[1], 3, 2, 1), nn.ReLU())
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(12, classes)

    def forward(self, x):
        x = self.pool(self.relu(self.norm(self.stem(x))))
        x = torch.flatten(self.mean(self.stage(x)), 1)
        return self.fc(x)


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = Backbone()
        self.body.stem = nn.Conv2d(1, 8, 3, padding=1)
        width = self.body.fc.in_features
        self.body = nn.Sequential(*list(self.body.children())[:-1])
        self.head = nn.Sequential(nn.Linear(2 * width, 6), nn.ReLU(), nn.Linear(6, 1))
        self.body.apply(self.start)

    def start(self, m):
        if isinstance(m, nn.Conv2d):
            nn.init.kaiming_normal_(m.weight)

    def once(self, x):
        for layer in self.body.children():
            x = layer(x)
        return x.view(x.size(0), -1)

    def forward(self, a, b):
        return self.head(torch.cat((self.once(a), self.once(b)), 1))
