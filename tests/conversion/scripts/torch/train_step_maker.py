import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim

rng = np.random.default_rng(42)
x = rng.random((20, 1))
y = 1 + 2 * x + .1 * rng.standard_normal((20, 1))

x_train_tensor = torch.from_numpy(x).float()
y_train_tensor = torch.from_numpy(y).float()


class ManualLinearRegression(nn.Module):
    def __init__(self):
        super().__init__()
        # a layer instead of two single parameters
        self.linear = nn.Linear(1, 1)

    def forward(self, x):
        return self.linear(x)


def make_train_step(model, loss_fn, optimizer):
    # Builds the function that performs one step
    def train_step(x, y):
        model.train()
        yhat = model(x)
        loss = loss_fn(y, yhat)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss.item()

    return train_step


model = ManualLinearRegression()
with torch.no_grad():
    model.linear.weight.copy_(torch.tensor([[0.5]]))
    model.linear.bias.copy_(torch.tensor([0.1]))

train_step = make_train_step(model, nn.MSELoss(reduction='mean'), optim.SGD(model.parameters(), lr=1e-1))
losses = []
for epoch in range(25):
    losses.append(train_step(x_train_tensor, y_train_tensor))

print(losses[0], losses[-1])
print(model.linear.weight.item(), model.linear.bias.item())
