import torch
import numpy as np

rng = np.random.default_rng(11)
features = torch.tensor(rng.normal(size=(32, 2)).astype(np.float32))
true_w = torch.tensor([[2.0], [-3.4]])
true_b = 4.2
labels = features @ true_w + true_b

net = torch.nn.Linear(2, 1)
net.weight.data.fill_(0.01)
net.bias.data.zero_()

loss = torch.nn.MSELoss()
trainer = torch.optim.SGD(net.parameters(), lr=0.03)

for epoch in range(1, 13):
    trainer.zero_grad()  # at the top of the loop
    l = loss(net(features), labels)
    l.backward()
    trainer.step()
    if epoch % 3 == 0:
        print(f'epoch {epoch}, loss {l:.6f}')

w = net.weight.data
b = net.bias.data
print('error in w:', (true_w.reshape(-1) - w.reshape(-1)).abs().sum().item())
print('error in b:', (true_b - b).item())
