"""torch's optimizers as classes of Keras in the converted file, which follow torch number by number."""

from __future__ import annotations

SGD = '''
class TorchSGD(keras.optimizers.Optimizer):
    """SGD as PyTorch computes it: weight decay is added to the gradients, the rate acts on their running sum."""

    def __init__(self, learning_rate=0.001, momentum=0.0, dampening=0.0, l2=0.0, nesterov=False):
        super().__init__(learning_rate=learning_rate)
        self.momentum = momentum
        self.dampening = dampening
        self.l2 = l2
        self.nesterov = nesterov

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.sums = [self.add_variable_from_reference(v, "momentum") for v in variables]

    def update_step(self, gradient, variable, learning_rate):
        rate = tf.cast(learning_rate, variable.dtype)
        gradient = tf.convert_to_tensor(gradient) + self.l2 * variable
        if self.momentum:
            total = self.sums[self._get_variable_index(variable)]
            later = tf.cast(self.iterations > 0, variable.dtype)
            share = 1 - later * self.dampening
            self.assign(total, self.momentum * total + share * gradient)
            gradient = gradient + self.momentum * total if self.nesterov else total
        self.assign_sub(variable, rate * gradient)
'''

ADAM = '''
class TorchAdam(keras.optimizers.Optimizer):
    """Adam and AdamW as PyTorch computes them: epsilon after the bias correction, `l2` added to the gradients."""

    def __init__(
        self,
        learning_rate=0.001,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-8,
        l2=0.0,
        decay=0.0,
        amsgrad=False,
    ):
        super().__init__(learning_rate=learning_rate)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.l2 = l2
        self.decay = decay
        self.amsgrad = amsgrad

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.means = [self.add_variable_from_reference(v, "means") for v in variables]
        self.squares = [self.add_variable_from_reference(v, "squares") for v in variables]
        self.peaks = [self.add_variable_from_reference(v, "peaks") for v in variables]

    def update_step(self, gradient, variable, learning_rate):
        rate = tf.cast(learning_rate, variable.dtype)
        index = self._get_variable_index(variable)
        mean, square, peak = self.means[index], self.squares[index], self.peaks[index]
        gradient = tf.convert_to_tensor(gradient) + self.l2 * variable
        self.assign(mean, self.beta_1 * mean + (1 - self.beta_1) * gradient)
        self.assign(square, self.beta_2 * square + (1 - self.beta_2) * gradient**2)
        self.assign(peak, tf.maximum(peak, square) if self.amsgrad else square)
        step = tf.cast(self.iterations + 1, variable.dtype)
        first = 1 - tf.constant(self.beta_1, variable.dtype) ** step
        second = 1 - tf.constant(self.beta_2, variable.dtype) ** step
        root = tf.sqrt(peak / second) + self.epsilon
        self.assign(variable, variable * (1 - rate * self.decay) - rate * (mean / first) / root)
'''

RMSPROP = '''
class TorchRMSprop(keras.optimizers.Optimizer):
    """RMSprop as PyTorch computes it: epsilon is added to the root, the rate acts on the momentum's sum."""

    def __init__(
        self, learning_rate=0.01, rho=0.99, epsilon=1e-8, l2=0.0, momentum=0.0, centered=False
    ):
        super().__init__(learning_rate=learning_rate)
        self.rho = rho
        self.epsilon = epsilon
        self.l2 = l2
        self.momentum = momentum
        self.centered = centered

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.squares = [self.add_variable_from_reference(v, "squares") for v in variables]
        self.means = [self.add_variable_from_reference(v, "means") for v in variables]
        self.sums = [self.add_variable_from_reference(v, "momentum") for v in variables]

    def update_step(self, gradient, variable, learning_rate):
        rate = tf.cast(learning_rate, variable.dtype)
        index = self._get_variable_index(variable)
        square, mean, total = self.squares[index], self.means[index], self.sums[index]
        gradient = tf.convert_to_tensor(gradient) + self.l2 * variable
        self.assign(square, self.rho * square + (1 - self.rho) * gradient**2)
        spread = tf.convert_to_tensor(square)
        if self.centered:
            self.assign(mean, self.rho * mean + (1 - self.rho) * gradient)
            spread = spread - mean**2
        step = gradient / (tf.sqrt(spread) + self.epsilon)
        if self.momentum:
            self.assign(total, self.momentum * total + step)
            step = tf.convert_to_tensor(total)
        self.assign_sub(variable, rate * step)
'''

ADAMAX = '''
class TorchAdamax(keras.optimizers.Optimizer):
    """Adamax as PyTorch computes it: epsilon is added to the gradient's size, `l2` to the gradients."""

    def __init__(self, learning_rate=0.002, beta_1=0.9, beta_2=0.999, epsilon=1e-8, l2=0.0):
        super().__init__(learning_rate=learning_rate)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.l2 = l2

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.means = [self.add_variable_from_reference(v, "means") for v in variables]
        self.norms = [self.add_variable_from_reference(v, "norms") for v in variables]

    def update_step(self, gradient, variable, learning_rate):
        rate = tf.cast(learning_rate, variable.dtype)
        index = self._get_variable_index(variable)
        mean, norm = self.means[index], self.norms[index]
        gradient = tf.convert_to_tensor(gradient) + self.l2 * variable
        self.assign(mean, self.beta_1 * mean + (1 - self.beta_1) * gradient)
        self.assign(norm, tf.maximum(self.beta_2 * norm, tf.abs(gradient) + self.epsilon))
        step = tf.cast(self.iterations + 1, variable.dtype)
        rate = rate / (1 - tf.constant(self.beta_1, variable.dtype) ** step)
        self.assign_sub(variable, rate * tf.convert_to_tensor(mean) / norm)
'''

NADAM = '''
class TorchNAdam(keras.optimizers.Optimizer):
    """NAdam as PyTorch computes it: the momentum grows by `momentum_decay`, `l2` is added to the gradients."""

    def __init__(
        self,
        learning_rate=0.002,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-8,
        l2=0.0,
        momentum_decay=4e-3,
        decoupled=False,
    ):
        super().__init__(learning_rate=learning_rate)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.l2 = l2
        self.momentum_decay = momentum_decay
        self.decoupled = decoupled

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.means = [self.add_variable_from_reference(v, "means") for v in variables]
        self.squares = [self.add_variable_from_reference(v, "squares") for v in variables]
        self.products = [self.add_variable((), "ones", v.dtype) for v in variables]

    def update_step(self, gradient, variable, learning_rate):
        rate = tf.cast(learning_rate, variable.dtype)
        index = self._get_variable_index(variable)
        mean, square, product = self.means[index], self.squares[index], self.products[index]
        gradient = tf.convert_to_tensor(gradient)
        if self.decoupled:
            self.assign(variable, variable * (1 - rate * self.l2))
        else:
            gradient = gradient + self.l2 * variable
        step = tf.cast(self.iterations + 1, variable.dtype)
        base = tf.constant(0.96, variable.dtype)
        now = self.beta_1 * (1 - 0.5 * base ** (step * self.momentum_decay))
        later = self.beta_1 * (1 - 0.5 * base ** ((step + 1) * self.momentum_decay))
        self.assign(product, product * now)
        self.assign(mean, self.beta_1 * mean + (1 - self.beta_1) * gradient)
        self.assign(square, self.beta_2 * square + (1 - self.beta_2) * gradient**2)
        second = 1 - tf.constant(self.beta_2, variable.dtype) ** step
        root = tf.sqrt(square / second) + self.epsilon
        ahead = later / (1 - product * later) * mean + (1 - now) / (1 - product) * gradient
        self.assign_sub(variable, rate * ahead / root)
'''

RADAM = '''
class TorchRAdam(keras.optimizers.Optimizer):
    """RAdam as PyTorch computes it: plain momentum until the variance of the rate can be put right."""

    def __init__(
        self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8, l2=0.0, decoupled=False
    ):
        super().__init__(learning_rate=learning_rate)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.l2 = l2
        self.decoupled = decoupled

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.means = [self.add_variable_from_reference(v, "means") for v in variables]
        self.squares = [self.add_variable_from_reference(v, "squares") for v in variables]

    def update_step(self, gradient, variable, learning_rate):
        rate = tf.cast(learning_rate, variable.dtype)
        index = self._get_variable_index(variable)
        mean, square = self.means[index], self.squares[index]
        gradient = tf.convert_to_tensor(gradient)
        if self.decoupled:
            self.assign(variable, variable * (1 - rate * self.l2))
        else:
            gradient = gradient + self.l2 * variable
        self.assign(mean, self.beta_1 * mean + (1 - self.beta_1) * gradient)
        self.assign(square, self.beta_2 * square + (1 - self.beta_2) * gradient**2)
        step = tf.cast(self.iterations + 1, variable.dtype)
        first = 1 - tf.constant(self.beta_1, variable.dtype) ** step
        power = tf.constant(self.beta_2, variable.dtype) ** step
        longest = 2 / (1 - self.beta_2) - 1
        length = longest - 2 * step * power / (1 - power)
        share = (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
        adapted = tf.sqrt(tf.maximum(share, 0) * (1 - power)) / (tf.sqrt(square) + self.epsilon)
        self.assign_sub(variable, rate * (mean / first) * tf.where(length > 5, adapted, 1))
'''

ADAGRAD = '''
class TorchAdagrad(keras.optimizers.Optimizer):
    """Adagrad as PyTorch computes it: epsilon is added to the root, the rate falls by `lr_decay`."""

    def __init__(
        self,
        learning_rate=0.01,
        lr_decay=0.0,
        l2=0.0,
        initial_accumulator_value=0.0,
        epsilon=1e-10,
    ):
        super().__init__(learning_rate=learning_rate)
        self.lr_decay = lr_decay
        self.l2 = l2
        self.initial_accumulator_value = initial_accumulator_value
        self.epsilon = epsilon

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.sums = [self.add_variable_from_reference(v, "sums") for v in variables]
        for total in self.sums:
            total.assign(tf.fill(total.shape, self.initial_accumulator_value))

    def update_step(self, gradient, variable, learning_rate):
        steps = tf.cast(self.iterations, variable.dtype)
        rate = tf.cast(learning_rate, variable.dtype) / (1 + steps * self.lr_decay)
        total = self.sums[self._get_variable_index(variable)]
        gradient = tf.convert_to_tensor(gradient) + self.l2 * variable
        self.assign_add(total, gradient**2)
        self.assign_sub(variable, rate * gradient / (tf.sqrt(total) + self.epsilon))
'''

ADADELTA = '''
class TorchAdadelta(keras.optimizers.Adadelta):
    """Adadelta as PyTorch computes it: weight decay is added to the gradients."""

    def __init__(self, learning_rate=1.0, rho=0.9, epsilon=1e-6, l2=0.0):
        super().__init__(learning_rate=learning_rate, rho=rho, epsilon=epsilon)
        self.l2 = l2

    def update_step(self, gradient, variable, learning_rate):
        gradient = tf.convert_to_tensor(gradient) + self.l2 * variable
        super().update_step(gradient, variable, learning_rate)
'''

ASGD = '''
class TorchASGD(keras.optimizers.Optimizer):
    """ASGD as PyTorch computes it: weights shrink by `lambd`, the rate falls; their average is not kept."""

    def __init__(self, learning_rate=0.01, lambd=1e-4, alpha=0.75, l2=0.0):
        super().__init__(learning_rate=learning_rate)
        self.lambd = lambd
        self.alpha = alpha
        self.l2 = l2

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.etas = [self.add_variable((), "zeros", v.dtype) for v in variables]

    def update_step(self, gradient, variable, learning_rate):
        rate = tf.cast(learning_rate, variable.dtype)
        eta = self.etas[self._get_variable_index(variable)]
        now = tf.where(self.iterations > 0, eta, rate)
        gradient = tf.convert_to_tensor(gradient) + self.l2 * variable
        self.assign(variable, variable * (1 - self.lambd * now) - now * gradient)
        step = tf.cast(self.iterations + 1, variable.dtype)
        self.assign(eta, rate / (1 + self.lambd * rate * step) ** self.alpha)
'''

RPROP = '''
class TorchRprop(keras.optimizers.Optimizer):
    """Rprop as PyTorch computes it: a step for each weight, which grows while the gradient keeps its sign."""

    def __init__(self, learning_rate=0.01, etas=(0.5, 1.2), step_sizes=(1e-6, 50)):
        super().__init__(learning_rate=learning_rate)
        self.shrinks, self.grows = etas
        self.bounds = step_sizes

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.earlier = [self.add_variable_from_reference(v, "gradients") for v in variables]
        self.sizes = [self.add_variable_from_reference(v, "sizes") for v in variables]

    def update_step(self, gradient, variable, learning_rate):
        rate = tf.cast(learning_rate, variable.dtype)
        index = self._get_variable_index(variable)
        earlier, size = self.earlier[index], self.sizes[index]
        gradient = tf.convert_to_tensor(gradient)
        sign = gradient * earlier
        last = tf.where(self.iterations > 0, tf.convert_to_tensor(size), rate)
        grown = tf.where(sign > 0, last * self.grows, last)
        self.assign(
            size, tf.clip_by_value(tf.where(sign < 0, last * self.shrinks, grown), *self.bounds)
        )
        gradient = tf.where(sign < 0, tf.zeros_like(gradient), gradient)
        self.assign_sub(variable, tf.sign(gradient) * size)
        self.assign(earlier, gradient)
'''

ADAFACTOR = '''
class TorchAdafactor(keras.optimizers.Optimizer):
    """Adafactor as PyTorch computes it: the variance is bounded from below, not the squares of the gradients."""

    def __init__(
        self, learning_rate=0.01, beta2_decay=-0.8, eps=(None, 1e-3), d=1.0, decay=0.0
    ):
        super().__init__(learning_rate=learning_rate)
        self.beta2_decay = beta2_decay
        self.eps = eps
        self.d = d
        self.decay = decay

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.squares = [self.add_variable_from_reference(v, "squares") for v in variables]
        self.rows = [self.add_variable((*v.shape[:-1], 1), "zeros", v.dtype) for v in variables]
        self.columns = [
            self.add_variable((*v.shape[:-2], 1, *v.shape[-1:]), "zeros", v.dtype) for v in variables
        ]

    def update_step(self, gradient, variable, learning_rate):
        rate = tf.cast(learning_rate, variable.dtype)
        index = self._get_variable_index(variable)
        gradient = tf.convert_to_tensor(gradient)
        kind = tf.experimental.numpy.finfo(gradient.dtype.as_numpy_dtype)
        least = float(kind.eps) if self.eps[0] is None else self.eps[0]
        step = tf.cast(self.iterations + 1, variable.dtype)
        share = step**self.beta2_decay
        size = tf.sqrt(tf.reduce_mean(tf.square(variable)))
        alpha = tf.maximum(self.eps[1], size) * tf.minimum(rate, 1 / tf.sqrt(step))
        squared = gradient**2
        if len(variable.shape) > 1:
            row, column = self.rows[index], self.columns[index]
            row.assign(row + share * (tf.reduce_mean(squared, -1, keepdims=True) - row))
            column.assign(column + share * (tf.reduce_mean(squared, -2, keepdims=True) - column))
            mean = tf.reduce_mean(row, -2, keepdims=True)
            square = row * column / tf.maximum(mean, least)
        else:
            square = self.squares[index]
            square.assign(square + share * (squared - square))
        update = gradient / tf.sqrt(tf.maximum(square, least**2))
        large = tf.sqrt(tf.reduce_mean(update**2)) / self.d
        update = alpha / tf.maximum(large, 1) * update
        self.assign(variable, variable * (1 - rate * self.decay) - update)
'''
