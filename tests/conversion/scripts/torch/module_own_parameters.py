import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(42)


class LinearRegressionModel(nn.Module):
    def __init__(self):
        super(LinearRegressionModel, self).__init__()
        self.weight = nn.Parameter(torch.zeros(1))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.weight * x + self.bias


# data: a straight line, split 80 / 20
X = np.arange(0, 1, 0.02, dtype=np.float32).reshape(-1, 1)
y = 0.7 * X + 0.3
split = int(0.8 * len(X))
X_train, y_train = torch.tensor(X[:split]), torch.tensor(y[:split])
X_test, y_test = torch.tensor(X[split:]), torch.tensor(y[split:])

model_0 = LinearRegressionModel()
loss_fn = nn.L1Loss()
optimizer = torch.optim.SGD(params=model_0.parameters(), lr=0.01)

epochs = 40
train_losses, test_losses = [], []

for epoch in range(epochs):
    model_0.train()
    y_pred = model_0(X_train)
    loss = loss_fn(y_pred, y_train)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

    # testing
    model_0.eval()
    with torch.inference_mode():
        test_pred = model_0(X_test)
        test_loss = loss_fn(test_pred, y_test)

    if epoch % 10 == 0:
        train_losses.append(loss.detach().numpy())
        test_losses.append(test_loss.detach().numpy())
        print(f"Epoch: {epoch} | MAE train loss: {loss:.5f} | MAE test loss: {test_loss:.5f}")

print(len(train_losses), len(test_losses))
print(f"weight {model_0.weight.item():.5f} bias {model_0.bias.item():.5f}")
