import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(13)
inputs = rng.normal(20, 5, size=(30, 3)).astype('float32') / 20
targets = (inputs @ np.array([[1.0, 2.0], [0.5, -1.0], [0.0, 3.0]], dtype='float32')).astype('float32')

inputs = torch.from_numpy(inputs)
targets = torch.from_numpy(targets)

# dataset and loader
train_ds = TensorDataset(inputs, targets)
batch_size = 8
train_dl = DataLoader(train_ds, batch_size, shuffle=False)

model = nn.Linear(3, 2)
nn.init.constant_(model.weight, 0.1)
nn.init.zeros_(model.bias)
loss_fn = nn.functional.mse_loss
opt = torch.optim.SGD(model.parameters(), lr=1e-2)


def fit(num_epochs, model, loss_fn, opt):
    # Repeat for the given number of epochs
    for epoch in range(num_epochs):
        # Train with batches of data
        for xb, yb in train_dl:
            pred = model(xb)
            loss = loss_fn(pred, yb)
            loss.backward()
            opt.step()
            opt.zero_grad()

        if (epoch + 1) % 5 == 0:
            print('Epoch [{}/{}], Loss: {:.4f}'.format(epoch + 1, num_epochs, loss.item()))


fit(10, model, loss_fn, opt)
print('final loss: {:.5f}'.format(loss_fn(model(inputs), targets).item()))
