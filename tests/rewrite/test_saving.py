"""Weights in files and in copies."""

from __future__ import annotations

from translator import Code

from .rows import flagged, rows, to_tensorflow

NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        return self.fc(x)

m = Net()
"""
KERAS = """
class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.fc = keras.layers.Dense(3)
        self.fc.build((None, 4)){built}

    def call(self, x):
        return self.fc(x)

m = Net()
"""
BUILT = KERAS.replace("{built}", "\n        self.built = True")
PLAIN = KERAS.replace("{built}", "")


@rows(
    to_tensorflow(f"import torch\nfrom torch import nn\n{NET}torch.save(m.state_dict(), 'm.pt')\nm.load_state_dict(torch.load('m.pt', map_location='cpu'))",
        f"import keras\n{BUILT}m.save_weights('m.weights.h5')\nm.load_weights('m.weights.h5')", codes=(Code.FILES,)),
    to_tensorflow(f"import os\nimport torch\nfrom torch import nn\n{NET}PATH = os.path.join('a', 'm.pth.tar')\nprint(PATH)\nstate = torch.load(PATH)\nm.load_state_dict(state)",
        f"import os\nimport keras\n{BUILT}PATH = os.path.join('a', 'm.weights.h5')\nprint(PATH)\nstate = PATH\nm.load_weights(state)"),
    to_tensorflow(f"import torch\nfrom torch import nn\n{NET}for i in range(2):\n    torch.save(m.state_dict(), f'{{i}}')\n    torch.save(m.state_dict(), 'e%d.pt' % i)  # again",
        f"import keras\n{PLAIN}for i in range(2):\n    m.save_weights(f'{{i}}.weights.h5')\n    m.save_weights('e%d.weights.h5' % i)  # again"),
    to_tensorflow(f"import copy\nfrom torch import nn\n{NET}n = Net()\nn.load_state_dict(m.state_dict())\nbest = copy.deepcopy(m.state_dict())\nm.load_state_dict(best)",
        f"import copy\nimport keras\n{PLAIN}n = Net()\nn.set_weights(m.get_weights())\nbest = m.get_weights()\nm.set_weights(best)"),
    # the name comes from elsewhere: it stays, and a note says what it has to end in
    to_tensorflow(f"import sys\nimport torch\nfrom torch import nn\n{NET}torch.save(m.state_dict(), sys.argv[1])",
        f"import sys\nimport keras\n{PLAIN}m.save_weights(sys.argv[1])", codes=(Code.FILES,)),
    # what else is done with a state, a checkpoint or a whole model
    flagged(f"{NET}print(m.state_dict().keys())", at="state_dict"),
    flagged(f"{NET}state = m.state_dict()\nm.load_state_dict(state)", at="load_state_dict(state)"),
    flagged(f"{NET}state = torch.load('m.pt')\nstate.pop('x')\nm.load_state_dict(state)", at="torch.load"),
    flagged(f"{NET}m.load_state_dict(torch.load('m.pt'), strict=False)", at="load_state_dict"),
    flagged(f"{NET}torch.save(m, 'm.pt')", at="torch.save"),
    # whole checkpoints
    to_tensorflow(f"import torch\nfrom torch import nn\n{NET}torch.save({{'model': m.state_dict(), 'epoch': 3}}, 'm.pt')  # all",
        f"import pickle\n\nimport keras\n{PLAIN}# all\nwith open('m.pt', \"wb\") as file:\n    pickle.dump({{'model': m.get_weights(), 'epoch': 3}}, file)", codes=(Code.FILES,)),
    to_tensorflow(f"import torch\nfrom torch import nn\n{NET}last = torch.load('m.pt', map_location='cpu')\nm.load_state_dict(last['model'])\nprint(last['epoch'])",
        f"import pickle\n\nimport keras\n{PLAIN}with open('m.pt', \"rb\") as file:\n    last = pickle.load(file)\nm.set_weights(last['model'])\nprint(last['epoch'])", codes=(Code.FILES,)),
    flagged(f"{NET}last = torch.load('m.pt')\nfor k, v in last['model'].items():\n    print(k)\nm.load_state_dict(last['model'])", at="load"),
    flagged(f"{NET}torch.save({{'names': list(m.state_dict())}}, 'm.pt')", at="torch.save"),
    flagged(f"{NET}o = optim.SGD(m.parameters(), lr=0.1)\ntorch.save(o.state_dict(), 'o.pt')", at="torch.save"),
    # another class: its weights may stand in another order
    flagged(f"{NET}n = nn.Linear(4, 3)\nn.load_state_dict(m.state_dict())", at="n.load"),
    # Keras would copy nothing of layers that have no weights yet
    flagged("class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.a = nn.ModuleList([nn.Linear(4, 3)])\n"
        "    def forward(self, x):\n        return self.a[0](x)\nm = Net()\nn = Net()\nn.load_state_dict(m.state_dict())", at="n.load"),
)  # fmt: skip
def test_weights_of_torch(case):
    case.check()
