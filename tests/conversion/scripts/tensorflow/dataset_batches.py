import numpy as np
import tensorflow as tf

rng = np.random.default_rng(120)
x_train = rng.uniform(-1, 1, (32, 1)).astype(np.float32)
y_train = -0.5 * x_train + 2

train_dataset = tf.data.Dataset.from_tensor_slices((x_train, y_train)).batch(8)

model = tf.keras.Sequential()
model.add(tf.keras.Input(shape=(1,)))
model.add(tf.keras.layers.Dense(1, kernel_initializer="zeros"))

optimizer = tf.keras.optimizers.SGD(learning_rate=0.1)
loss_fn = tf.keras.losses.MeanSquaredError()

for epoch in range(4):
    epoch_loss = []
    # Iterate over the batches of the dataset.
    for step, (x_batch, y_batch) in enumerate(train_dataset):
        with tf.GradientTape() as tape:
            out = model(x_batch, training=True)
            loss_value = loss_fn(y_batch, out)
        grads = tape.gradient(loss_value, model.trainable_weights)
        optimizer.apply_gradients(zip(grads, model.trainable_weights))
        epoch_loss.append(loss_value.numpy())
    print("Epoch {:d}: {:.5f}".format(epoch, np.mean(epoch_loss)))
