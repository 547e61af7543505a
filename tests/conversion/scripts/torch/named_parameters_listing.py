import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(40)
x = torch.from_numpy(rng.random((12, 2), dtype=np.float32))
y = x.sum(dim=1, keepdim=True) * 0.5


class TwoInputs(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(2, 1, bias=False)
        nn.init.constant_(self.fc.weight, 0.1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(x)


model = TwoInputs()
optimizer = torch.optim.SGD(list(model.parameters()), lr=0.2, momentum=0.9, nesterov=True)
print("parameters:", sum(p.numel() for p in model.parameters() if p.requires_grad))
for _ in range(5):
    loss = nn.functional.mse_loss(model(x), y, reduction="mean")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
for name, param in model.named_parameters():
    print(param.data.squeeze().tolist())
print(f"{loss.item():.6f}")
