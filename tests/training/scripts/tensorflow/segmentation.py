import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models


def conv_block(inputs, filters):
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(inputs)
    x = layers.BatchNormalization()(x)
    return layers.Activation("relu")(x)


def build_unet(input_shape=(8, 8, 1)):
    inputs = layers.Input(input_shape)
    s1 = conv_block(inputs, 4)
    p1 = layers.MaxPool2D((2, 2))(s1)
    b1 = conv_block(p1, 8)
    d1 = layers.Conv2DTranspose(4, (2, 2), strides=2, padding="same")(b1)
    d1 = layers.Concatenate()([d1, s1])
    d1 = conv_block(d1, 4)
    outputs = layers.Conv2D(1, 1, padding="same", activation="sigmoid")(d1)
    return models.Model(inputs, outputs, name="U-Net")


def dice_coef(y_true, y_pred, smooth=1e-3):
    intersection = tf.reduce_sum(y_true * y_pred, axis=(1, 2, 3))
    union = tf.reduce_sum(y_true, axis=(1, 2, 3)) + tf.reduce_sum(y_pred, axis=(1, 2, 3))
    return tf.reduce_mean((2.0 * intersection + smooth) / (union + smooth))


def dice_loss(y_true, y_pred):
    return 1.0 - dice_coef(y_true, y_pred)


class Trainer:
    def __init__(self, model, lr=1e-2):
        self.model = model
        self.bce = tf.keras.losses.BinaryCrossentropy()
        self.optimizer = tf.keras.optimizers.Adam(lr)

    @tf.function
    def train_step(self, x, y):
        with tf.GradientTape() as tape:
            y_pred = self.model(x, training=True)
            loss = self.bce(y, y_pred) + dice_loss(y, y_pred)
        grads = tape.gradient(loss, self.model.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.model.trainable_variables))
        return loss

    def fit(self, dataset, epochs):
        for epoch in range(epochs):
            for x, y in dataset:
                loss = self.train_step(x, y)
                print("  loss:", loss.numpy())

    def evaluate(self, x, y):
        return dice_coef(y, self.model(x, training=False)).numpy()


def squares(n, size=8, seed=0):
    rng = np.random.default_rng(seed)
    masks = np.zeros((n, size, size, 1), dtype="float32")
    for mask in masks:
        top, left = rng.integers(0, size - 4, 2)
        mask[top:top + 4, left:left + 4] = 1
    return (masks + 0.3 * rng.normal(size=masks.shape)).astype("float32"), masks


if __name__ == "__main__":
    images, masks = squares(16)
    dataset = tf.data.Dataset.from_tensor_slices((images, masks)).batch(4)
    trainer = Trainer(build_unet())
    trainer.fit(dataset, epochs=5)
    print("dice", trainer.evaluate(tf.constant(images), tf.constant(masks)))
