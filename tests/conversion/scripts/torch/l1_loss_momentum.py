import numpy as np
import torch

rng = np.random.default_rng(8)
hours = rng.uniform(1, 9, (18, 1))
score = 7 * hours + 20

# scale both to about one
hours_t = torch.FloatTensor(hours / hours.max())
score_t = torch.FloatTensor(score / score.max())

model = torch.nn.Linear(in_features=1, out_features=1)
torch.nn.init.zeros_(model.weight); torch.nn.init.zeros_(model.bias)

optimizer = torch.optim.SGD(model.parameters(), 0.02, 0.9)  # momentum 0.9
criterion = torch.nn.L1Loss()

for step in range(1, 16):
    loss = criterion(model(hours_t), score_t)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step in (1, 5, 10, 15):
        print("%2d: %.5f" % (step, loss.item()))

with torch.no_grad():
    answer = model(torch.FloatTensor([[0.5]]))
print("prediction for 0.5: {0:.4f}".format(answer.item()))
