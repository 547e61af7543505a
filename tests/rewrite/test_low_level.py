"""Code of TensorFlow itself: gradients of a function's own, sizes as numbers."""

from __future__ import annotations

from .rows import rows, to_torch


@rows(
    to_torch(
        """
        import tensorflow as tf


        @tf.custom_gradient
        def halved(x):
            def gradient(upstream):
                return upstream / 2

            return tf.identity(x), gradient


        y = tf.square(halved(tf.ones([2, 3])))
        """,
        '''
        import torch


        def custom_gradient(function):
            """A function that returns its result and a function that gives its gradient, for the result alone."""

            class Custom(torch.autograd.Function):
                @staticmethod
                def forward(ctx, *inputs):
                    result, ctx.gradient = function(*inputs)
                    return result

                @staticmethod
                def backward(ctx, *upstream):
                    return ctx.gradient(*upstream)

            return Custom.apply


        @custom_gradient
        def halved(x):
            def gradient(upstream):
                return upstream / 2

            return torch.clone(x), gradient


        y = torch.square(halved(torch.ones(2, 3)))
        ''',
    ),
    # What `tf.shape` is given is a tensor, and a size is a number.
    to_torch(
        """
        import tensorflow as tf


        def scaled(q, k):
            return tf.matmul(q, k, transpose_b=True) / tf.math.sqrt(tf.cast(tf.shape(k)[-1], tf.float32))
        """,
        """
        import math

        import torch


        def scaled(q, k):
            return torch.matmul(q, k.transpose(-2, -1)) / math.sqrt(k.shape[-1])
        """,
    ),
)
def test_low_level(case):
    case.check()


@rows(
    # What is trained has a name of the function; outside of it, it is what that name stands for.
    to_torch(
        """
        import tensorflow as tf


        weights = {"a": tf.Variable(tf.zeros([3, 2]))}
        biases = {"a": tf.Variable(tf.zeros([2]))}
        optimizer = tf.optimizers.SGD(0.1)


        def step(x):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(x @ weights["a"] + biases["a"])
            variables = list(weights.values()) + list(biases.values())
            gradients = tape.gradient(loss, variables)
            optimizer.apply_gradients(zip(gradients, variables))
        """,
        """
        import torch
        from torch import nn


        weights = {"a": nn.Parameter(torch.zeros(3, 2))}
        biases = {"a": nn.Parameter(torch.zeros(2))}
        optimizer = torch.optim.SGD(list(weights.values()) + list(biases.values()), 0.1)


        def step(x):
            loss = torch.mean(x @ weights["a"] + biases["a"])
            variables = list(weights.values()) + list(biases.values())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        """,
    ),
    to_torch(
        """
        import keras
        import tensorflow as tf


        class Net(keras.Model):
            def __init__(self):
                super().__init__()
                self.out = keras.layers.Dense(1)

            def call(self, x):
                return self.out(x)


        net = Net()
        optimizer = keras.optimizers.SGD(0.1)


        def step(x):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(net(x))
            variables = net.trainable_variables
            gradients = tape.gradient(loss, variables)
            optimizer.apply_gradients(zip(gradients, variables))


        step(tf.ones([2, 3]))
        """,
        """
        import torch
        from torch import nn


        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.out = nn.Linear(3, 1)

            def forward(self, x):
                return self.out(x)


        net = Net()
        optimizer = torch.optim.SGD(net.parameters(), 0.1)


        def step(x):
            loss = torch.mean(net(x))
            variables = list(net.parameters())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


        step(torch.ones(2, 3))
        """,
    ),
)
def test_what_an_optimizer_trains(case):
    case.check()
