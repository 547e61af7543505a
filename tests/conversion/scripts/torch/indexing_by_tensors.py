"""Parts of tensors, taken and replaced by slices, numbers, masks and tensors of places."""

import math

import torch


def sinusoids(length, width):
    """The table of positions of a transformer."""
    table = torch.zeros(length, width)
    position = torch.arange(0, length).unsqueeze(1)
    rate = torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
    table[:, 0::2] = torch.sin(position * rate)
    table[:, 1::2] = torch.cos(position * rate)
    return table


def bands(size):
    """A matrix that is filled row by row."""
    matrix = torch.zeros(size, size)
    for row in range(size):
        matrix[row, : row + 1] = row + 1
    matrix[0] += 10
    matrix[-1, -1] *= 0.5
    return matrix


def masked(x):
    """Copies with other numbers where a mask says so."""
    clipped = x * 1.0
    clipped[clipped > 0.5] = 0.5
    rows = x * 1.0
    rows[x.sum(dim=1) > 0] = -1
    return clipped, rows


def picked(x, places):
    """What stands at certain places."""
    last = torch.arange(x.shape[0])
    grid = x[places[:, None], places]
    return x[places], x[:, places], x[last, places], grid, x[..., [0, 2]]


table = sinusoids(5, 6)
print(table.sum(dim=1).tolist())
print(bands(4).tolist())

values = torch.arange(9.0).reshape(3, 3) * 0.3 - 1.0
for result in masked(values):
    print(result.tolist())
order = torch.argsort(values[0], descending=True)
for result in picked(values, order):
    print(list(result.shape), result.sum().item())

moved = torch.zeros(3, 3)
moved[order] = values
moved[torch.arange(3), order] = 7.0
print(moved.tolist())
