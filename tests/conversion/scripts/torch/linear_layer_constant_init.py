import numpy as np
import torch
from torch import nn, optim

# hyper-parameters
input_size = 1
output_size = 1
num_epochs = 24
learning_rate = 0.05

rng = np.random.default_rng(3)
x_train = rng.uniform(0, 2, (15, 1)).astype(np.float32)
y_train = (1.2 * x_train + 0.4 + rng.normal(0, 0.1, (15, 1))).astype(np.float32)


class LinearRegression(nn.Module):
    """A single affine layer."""

    def __init__(self, n_in, n_out):
        super(LinearRegression, self).__init__()
        self.linear = nn.Linear(n_in, n_out)
        nn.init.constant_(self.linear.weight, 0.25)
        nn.init.constant_(self.linear.bias, 0.0)

    def forward(self, x):
        out = self.linear(x)
        return out


model = LinearRegression(input_size, output_size)

# loss and optimizer
criterion = nn.MSELoss()
optimizer = optim.SGD(model.parameters(), lr=learning_rate)

# train the model
for epoch in range(num_epochs):
    # numpy arrays to tensors
    inputs = torch.from_numpy(x_train)
    targets = torch.from_numpy(y_train)

    # forward pass
    outputs = model(inputs)
    loss = criterion(outputs, targets)

    # backward and optimize
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

    if (epoch + 1) % 6 == 0:
        print('Epoch [{}/{}], Loss: {:.4f}'.format(epoch + 1, num_epochs, loss.item()))

predicted = model(torch.from_numpy(x_train)).detach().numpy()
print('mean prediction: {:.4f}'.format(predicted.mean()))
