import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(77)
celsius = rng.uniform(-10, 35, size=20).astype(np.float32)
fahrenheit = celsius * 1.8 + 32

t_c = torch.from_numpy(celsius).unsqueeze(1) * 0.1
t_f = torch.from_numpy(fahrenheit).unsqueeze(1) * 0.1

w, b = nn.Parameter(torch.ones(1)), nn.Parameter(torch.zeros(1))
optimizer = torch.optim.SGD([w, b], lr=0.05)

best, patience, epoch = float("inf"), 0, 0
while True:
    epoch += 1
    loss = nn.functional.mse_loss(t_c * w + b, t_f)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    current = loss.item()
    # stop when it hardly gets better
    if best - current < 0.05:
        patience += 1
    else:
        patience = 0
    best = min(best, current)
    if patience >= 3 or epoch >= 60:
        break

print("stopped after", epoch, "epochs, loss", round(best, 4))
print(f"F = {w.item():.3f} * C + {b.item() * 10:.2f}")
