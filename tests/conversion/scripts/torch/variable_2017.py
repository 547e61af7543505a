# An old notebook: everything that has a gradient is wrapped in a Variable
import numpy as np
import torch
from torch.autograd import Variable

np_rng = np.random.default_rng(7)
train_x = np_rng.uniform(0, 4, (25, 1)).astype('float32')
train_y = (1.5 * train_x + 2).astype('float32')

inputs = Variable(torch.from_numpy(train_x))
targets = Variable(torch.from_numpy(train_y))

W = Variable(torch.zeros(1, 1), requires_grad=True)
B = Variable(torch.zeros(1), requires_grad=True)

lr = 0.02
for it in range(20):
    if W.grad is not None:
        W.grad.data.zero_()
    if B.grad is not None:
        B.grad.data.zero_()

    out = inputs.mm(W) + B
    cost = torch.mean((out - targets) ** 2)
    cost.backward()

    W.data -= lr * W.grad.data
    B.data -= lr * B.grad.data

    if it % 5 == 4:
        print('iteration {:2d}  cost {:.5f}'.format(it + 1, cost.data.item()))

print('W: {:.4f}  B: {:.4f}'.format(W.data[0, 0].item(), B.data[0].item()))
