import numpy as np
import torch
from torch import nn

torch.manual_seed(0)
np.random.seed(0)
device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')

x = np.linspace(0, 1, 20, dtype=np.float32).reshape(-1, 1)
y = 5 * x - 1

x_t = torch.from_numpy(x).to(device)
y_t = torch.from_numpy(y).to(device)

model = nn.Sequential(nn.Linear(1, 1)).to(device)
model[0].weight.data.fill_(1.0)
model[0].bias.data.fill_(1.0)

criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.5)

for epoch in range(20):
    optimizer.zero_grad()
    loss = criterion(model(x_t), y_t)
    loss.backward()
    optimizer.step()
    if epoch % 5 == 0:
        print(f'{epoch}: {loss.item():.5f}')

with torch.no_grad():
    print('%.4f' % model(torch.tensor([[2.0]]).to(device)).cpu().numpy()[0, 0])
