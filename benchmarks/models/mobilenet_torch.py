"""MobileNetV2 as people write it in PyTorch."""

from torch import nn

SETTINGS = [
    # expand, width, blocks, stride
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
]


def conv_bn(width_in, width, kernel, stride=1, groups=1):
    return nn.Sequential(
        nn.Conv2d(width_in, width, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU6(inplace=True),
    )


class InvertedResidual(nn.Module):
    def __init__(self, width_in, width, stride, expand):
        super().__init__()
        hidden = width_in * expand
        self.use_shortcut = stride == 1 and width_in == width
        layers = []
        if expand != 1:
            layers.append(conv_bn(width_in, hidden, 1))
        layers += [
            conv_bn(hidden, hidden, 3, stride, groups=hidden),
            nn.Conv2d(hidden, width, 1, bias=False),
            nn.BatchNorm2d(width),
        ]
        self.conv = nn.Sequential(*layers)

    def forward(self, x):
        if self.use_shortcut:
            return x + self.conv(x)
        return self.conv(x)


class MobileNetV2(nn.Module):
    def __init__(self, classes=1000):
        super().__init__()
        width_in = 32
        features = [conv_bn(3, width_in, 3, stride=2)]
        for expand, width, blocks, stride in SETTINGS:
            for block in range(blocks):
                features.append(
                    InvertedResidual(width_in, width, stride if block == 0 else 1, expand)
                )
                width_in = width
        features.append(conv_bn(width_in, 1280, 1))
        self.features = nn.Sequential(*features)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, classes))

    def forward(self, x):
        x = self.features(x)
        x = x.mean([2, 3])
        return self.classifier(x)
