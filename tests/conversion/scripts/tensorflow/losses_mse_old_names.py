# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import tensorflow as tf
import numpy as np

area = np.array([137.97, 104.50, 100.00, 126.32, 79.20, 99.00, 124.00, 114.00], dtype=np.float32)
price = np.array([145.00, 110.00, 93.00, 116.00, 65.32, 104.00, 118.00, 91.00], dtype=np.float32)

x = area / area.max(); y = price / price.max()

k = tf.Variable(tf.constant(0.1))
c = tf.Variable(tf.constant(0.1))

epochs, lr = 16, 0.2

for i in range(epochs):
    with tf.GradientTape() as tape:
        pred = k*x + c
        loss = tf.losses.mse(y, pred)

    d_k, d_c = tape.gradient(loss, [k, c])
    k.assign_sub(lr*d_k); c.assign_sub(lr*d_c)

    if i % 4 == 0:
        print("i: %i, Loss: %f, k: %f, c: %f" % (i, loss, k.numpy(), c.numpy()))
