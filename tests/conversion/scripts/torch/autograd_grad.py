import numpy as np
import torch
import torch.nn.functional as F

x = torch.tensor(np.linspace(0.0, 3.0, 16), dtype=torch.float32)
y = torch.tensor(np.linspace(0.0, 3.0, 16) * 1.7 - 0.2, dtype=torch.float32)

w = torch.zeros((), requires_grad=True)
b = torch.zeros((), requires_grad=True)

for step in range(10):
	# tabs here, and grad() instead of backward()
	loss = F.mse_loss(x * w + b, y)
	dw, db = torch.autograd.grad(loss, [w, b])
	with torch.no_grad():
		w.sub_(0.1 * dw)
		b.sub_(0.1 * db)
	print(f"{step:02d} {loss.item():.6f} {dw.item():+.4f} {db.item():+.4f}")

print(w.detach().numpy().round(4), float(b.detach()))
