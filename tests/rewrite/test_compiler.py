"""What torch says to its compiler, to its devices and to its memory, and attributes whose names are computed."""

from __future__ import annotations

from .rows import rows, to_tensorflow


@rows(
    to_tensorflow(
        """
        import torch
        from torch import nn
        from torch.utils.checkpoint import checkpoint


        class Net(nn.Module):
            def __init__(self, sizes):
                super().__init__()
                self.ngpu = 1
                for i, n in enumerate(sizes):
                    setattr(self, f"stage{i}", nn.Conv2d(n, n, 1))
                if not torch.jit.is_scripting() and not torch.jit.is_tracing():
                    # say so
                    print("made")

            @torch.jit.unused
            def body(self, x):
                return self.stage0(x)

            @torch.jit._overload_method  # noqa: F811
            def forward(self, x: torch.Tensor) -> torch.Tensor:
                pass

            def forward(self, x):
                torch._assert(self.ngpu < 4, "too many")  # devices
                if x.is_cuda and self.ngpu > 1:
                    x = nn.parallel.data_parallel(self.stage1, x, range(self.ngpu))
                if torch.jit.is_scripting():
                    raise ValueError
                elif self.ngpu:
                    x = checkpoint(self.body, x, use_reentrant=False)
                else:
                    x = x + 1
                if not torch.jit.is_scripting() or self.ngpu:
                    x = self.stage2(x)
                else:
                    x = self.stage1
                return x


        net = nn.DataParallel(Net([3, 3, 3]))
        for m in net.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.ones_(m.weight)
        """,
        """
        import keras


        class Net(keras.Model):
            def __init__(self, sizes):
                super().__init__()
                self.config = {"sizes": sizes}
                self.ngpu = 1
                for i, n in enumerate(sizes):
                    setattr(self, f"stage{i}", keras.layers.Conv2D(n, 1))
                # say so
                print("made")

            def body(self, x):
                return self.stage0(x)

            def call(self, x):
                assert self.ngpu < 4, "too many"  # devices
                if self.ngpu:
                    x = self.body(x)
                else:
                    x = x + 1
                x = self.stage2(x)
                return x

            def get_config(self):
                return dict(self.config)


        net = Net([3, 3, 3])
        for m in net._flatten_layers():
            if isinstance(m, keras.layers.Conv2D):
                m.kernel_initializer = keras.initializers.Ones()
        """,
    ),
)
def test_only_in_torch(case):
    case.check()
