import numpy as np
import tensorflow as tf

# Teacher and student: the student starts elsewhere
teacher = tf.keras.layers.Dense(1)
teacher.build((None, 2))
teacher.set_weights([np.array([[1.0], [-1.0]], dtype=np.float32), np.array([0.5], dtype=np.float32)])

student = tf.keras.Sequential([tf.keras.layers.Dense(1)])
student.build((None, 2))
student.layers[0].set_weights([np.zeros((2, 1)), np.zeros(1)])

x = tf.convert_to_tensor(np.random.default_rng(180).normal(size=(20, 2)).astype(np.float32))
y = teacher(x)

optimizer = tf.optimizers.SGD(0.1)
for i in range(15):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.math.squared_difference(y, student(x)))
    grads = tape.gradient(loss, student.trainable_variables)
    optimizer.apply_gradients(zip(grads, student.trainable_variables))
    if i % 5 == 4:
        print(i, "%.6f" % loss.numpy())

kernel, bias = student.get_weights()
print(kernel.ravel().round(4), bias.round(4))
