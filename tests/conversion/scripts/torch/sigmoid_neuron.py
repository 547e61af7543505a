import numpy as np
import torch
import torch.nn as nn

# One neuron that learns a logical OR, squared error.
X = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float32)
Y = torch.tensor([[0], [1], [1], [1]], dtype=torch.float32)

model = nn.Sequential(
    nn.Linear(2, 1),  # w1 * x1 + w2 * x2 + b
    nn.Sigmoid(),
)

with torch.no_grad():
    model[0].weight[:] = torch.tensor([[0.1, -0.2]])
    model[0].bias[:] = 0.0

optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
loss_function = nn.MSELoss()

for epoch in range(40):
    output = model(X)
    loss = loss_function(output, Y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if epoch % 10 == 0:
        print(f"Epoch {epoch:>3}  Loss {loss.item():.5f}")

with torch.no_grad():
    predictions = (model(X) > 0.5).float()
accuracy = (predictions == Y).float().mean()
print(f"accuracy {accuracy.item():.2f}")
print(predictions.numpy().ravel().tolist())
