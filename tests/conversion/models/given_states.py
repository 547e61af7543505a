# model: StateLSTM(5, 6, 2, 1)
# inputs: 4x7x5
import torch
import torch.nn as nn
from torch.autograd import Variable


class StateLSTM(nn.Module):
    def __init__(self, input_size, hidden_size, num_layers, num_classes):
        super().__init__()
        self.num_classes = num_classes
        self.num_layers = num_layers
        self.hidden_size = hidden_size
        self.lstm = nn.LSTM(
            input_size=input_size, hidden_size=hidden_size, num_layers=num_layers, batch_first=True
        )
        self.fc_1 = nn.Linear(hidden_size, 8)
        self.fc = nn.Linear(8, num_classes)
        self.relu = nn.ReLU()

    def forward(self, x):
        h_0 = Variable(torch.zeros(self.num_layers, x.size(0), self.hidden_size)).to(x.device)
        c_0 = torch.zeros(
            self.num_layers, x.size(0), self.hidden_size, device=x.device
        ).requires_grad_()
        output, (hn, cn) = self.lstm(x, (h_0, c_0.detach()))
        hn = hn[-1].view(-1, self.hidden_size)
        out = self.relu(hn)
        out = self.fc_1(out)
        out = self.relu(out)
        return self.fc(out)
