import numpy as np
import torch

x_np = np.random.default_rng(23).normal(size=(20,)).astype(np.float32)
x = torch.from_numpy(x_np)
y = 0.5 * x + 2

params = torch.tensor([1.0, 0.0], requires_grad=True)


def model(t, w, b):
    return w * t + b


def loss_fn(t_p, t_c):
    squared_diffs = (t_p - t_c) ** 2
    return squared_diffs.mean()


def training_loop(n_epochs, learning_rate, params, x, y):
    for epoch in range(1, n_epochs + 1):
        if params.grad is not None:
            params.grad.zero_()

        t_p = model(x, *params)
        loss = loss_fn(t_p, y)
        loss.backward()

        with torch.no_grad():
            params -= learning_rate * params.grad

        if epoch % 4 == 0:
            print('Epoch %d, Loss %f' % (epoch, float(loss)))

    return params


result = training_loop(n_epochs=12, learning_rate=1e-1, params=params, x=x, y=y)
print(result.detach().numpy().round(4))
