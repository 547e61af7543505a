import numpy as np
import tensorflow as tf


class Encoder(tf.keras.layers.Layer):
    def __init__(self, intermediate_dim):
        super(Encoder, self).__init__()
        self.hidden_layer = tf.keras.layers.Dense(intermediate_dim, activation=tf.nn.relu)
        self.output_layer = tf.keras.layers.Dense(4, activation=tf.nn.sigmoid)

    def call(self, input_features):
        activation = self.hidden_layer(input_features)
        return self.output_layer(activation)


class Decoder(tf.keras.layers.Layer):
    def __init__(self, intermediate_dim, original_dim):
        super(Decoder, self).__init__()
        self.hidden_layer = tf.keras.layers.Dense(intermediate_dim, activation=tf.nn.relu)
        self.output_layer = tf.keras.layers.Dense(original_dim, activation=tf.nn.sigmoid)

    def call(self, code):
        activation = self.hidden_layer(code)
        return self.output_layer(activation)


class Autoencoder(tf.keras.Model):
    def __init__(self, intermediate_dim, original_dim):
        super(Autoencoder, self).__init__()
        self.encoder = Encoder(intermediate_dim)
        self.decoder = Decoder(intermediate_dim, original_dim)

    def call(self, input_features):
        code = self.encoder(input_features)
        return self.decoder(code)


def loss(model, original):
    return tf.reduce_mean(tf.square(tf.subtract(model(original), original)))


def train(loss, model, opt, original):
    with tf.GradientTape() as tape:
        reconstruction_error = loss(model, original)
    gradients = tape.gradient(reconstruction_error, model.trainable_variables)
    gradient_variables = zip(gradients, model.trainable_variables)
    opt.apply_gradients(gradient_variables)
    return reconstruction_error


np.random.seed(1)
tf.random.set_seed(1)
training_features = np.random.rand(64, 12).astype("float32")
training_dataset = tf.data.Dataset.from_tensor_slices(training_features)
training_dataset = training_dataset.batch(16)

autoencoder = Autoencoder(intermediate_dim=8, original_dim=12)
opt = tf.optimizers.Adam(learning_rate=1e-2)

for epoch in range(5):
    for step, batch_features in enumerate(training_dataset):
        loss_value = train(loss, autoencoder, opt, batch_features)
        print("epoch", epoch, "step", step, "loss", float(loss_value))
