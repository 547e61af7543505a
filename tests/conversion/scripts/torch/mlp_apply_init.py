import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, hidden=4):
        super(Net, self).__init__()
        self.hidden = nn.Linear(1, hidden)   # hidden layer
        self.predict = nn.Linear(hidden, 1)   # output layer

    def forward(self, x):
        x = F.relu(self.hidden(x))
        x = self.predict(x)
        return x


def init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.constant_(m.weight, 0.3)
        m.bias.data.fill_(0.1)


x = np.linspace(-1, 1, 30, dtype=np.float32)[:, None]
y = x ** 2 + 0.1 * np.random.default_rng(2).random((30, 1)).astype(np.float32)
x, y = torch.from_numpy(x), torch.from_numpy(y)

net = Net()
net.apply(init_weights)

optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
loss_func = nn.MSELoss()  # mean squared error

for t in range(15):
    prediction = net(x)
    loss = loss_func(prediction, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if t % 5 == 0:
        print('Loss=%.4f' % loss.data.numpy())

print('bias %.5f' % net.predict.bias.item())
