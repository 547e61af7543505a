import numpy as np
import torch

N, D_in, D_out = 20, 3, 1
rng = np.random.default_rng(5)
x = torch.from_numpy(rng.standard_normal((N, D_in))).float()
y = torch.from_numpy(rng.standard_normal((N, D_out))).float()

model = torch.nn.Sequential(
    torch.nn.Linear(D_in, D_out),
)
# start from known values
torch.nn.init.zeros_(model[0].weight)
torch.nn.init.ones_(model[0].bias)
loss_fn = torch.nn.MSELoss(reduction='sum')

learning_rate = 1e-2
for t in range(12):
    y_pred = model(x)
    loss = loss_fn(y_pred, y)
    if t % 4 == 3:
        print(t, loss.item())

    # Zero the gradients before running the backward pass.
    model.zero_grad()
    loss.backward()

    # Each parameter is a tensor.
    with torch.no_grad():
        for param in model.parameters():
            param -= learning_rate * param.grad

linear_layer = model[0]
print(f'Result: y = {linear_layer.bias.item():.4f} + {linear_layer.weight[:, 0].item():.4f} a + {linear_layer.weight[:, 1].item():.4f} b')
