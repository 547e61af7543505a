import numpy as np
import torch as th
from collections import OrderedDict

rng = np.random.default_rng(21)
data = rng.uniform(-1, 1, size=(24, 2)).astype(np.float32)
goal = np.tanh(data.sum(axis=1, keepdims=True)).astype(np.float32)

net = th.nn.Sequential()
net.add_module("fc1", th.nn.Linear(2, 3))
net.add_module("act", th.nn.Tanh())
net.add_module("fc2", th.nn.Linear(3, 1))

other = th.nn.Sequential(OrderedDict([
    ("fc", th.nn.Linear(2, 1, bias=False)),
]))

for p in net.parameters():
    th.nn.init.constant_(p, 0.2)
th.nn.init.constant_(other.fc.weight, 0.5)

for name, model in (("deep", net), ("flat", other)):
    opt = th.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(6):
        loss = th.nn.functional.mse_loss(model(th.as_tensor(data)), th.as_tensor(goal))
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(name, round(loss.item(), 5))
