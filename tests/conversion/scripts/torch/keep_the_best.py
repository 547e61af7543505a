"""Train on a line, keep the best weights in a copy and in a file, and go back to them."""

import copy
import os
import tempfile

import torch
from torch import nn

torch.manual_seed(0)


class Line(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(1, 1)
        nn.init.zeros_(self.fc.weight)
        nn.init.zeros_(self.fc.bias)

    def forward(self, x):
        return self.fc(x)


x = torch.tensor([[0.0], [1.0], [2.0], [3.0]])
y = 2 * x + 1

model = Line()
teacher = Line()
optimizer = torch.optim.SGD(model.parameters(), lr=0.3)  # too fast: it gets worse
folder = tempfile.mkdtemp()
path = os.path.join(folder, "best.pt")

best_loss = float("inf")
best = copy.deepcopy(model.state_dict())
for epoch in range(10):
    loss = torch.mean((model(x) - y) ** 2)
    if loss.item() < best_loss:
        best_loss = loss.item()
        best = copy.deepcopy(model.state_dict())
        torch.save(model.state_dict(), path)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(f"{epoch}: {loss.item():.4f}")

# back to the best
model.load_state_dict(best)
print(f"best {torch.mean((model(x) - y) ** 2).item():.4f}")
restored = Line()
restored.load_state_dict(torch.load(path, map_location="cpu"))
print(f"from the file {torch.mean((restored(x) - y) ** 2).item():.4f}")
teacher.load_state_dict(restored.state_dict())
print(f"teacher {torch.mean((teacher(x) - y) ** 2).item():.4f}")
os.remove(path)
os.rmdir(folder)
