import numpy as np
import tensorflow as tf
from tensorflow import keras


class WGAN:
    def __init__(self, latent_dim=4, critic_steps=2, gp_weight=10.0):
        self.latent_dim = latent_dim
        self.critic_steps = critic_steps
        self.gp_weight = gp_weight
        self.generator = keras.Sequential([
            keras.layers.Input((latent_dim,)), keras.layers.Dense(16, activation="tanh"), keras.layers.Dense(2),
        ])
        self.critic = keras.Sequential([
            keras.layers.Input((2,)), keras.layers.Dense(16, activation="tanh"), keras.layers.Dense(1),
        ])
        self.g_optimizer = keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.9)
        self.d_optimizer = keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.9)

    def gradient_penalty(self, real, fake):
        alpha = tf.random.uniform([tf.shape(real)[0], 1])
        interpolated = real + alpha * (fake - real)
        with tf.GradientTape() as gp_tape:
            gp_tape.watch(interpolated)
            pred = self.critic(interpolated, training=True)
        grads = gp_tape.gradient(pred, [interpolated])[0]
        norm = tf.sqrt(tf.reduce_sum(tf.square(grads), axis=1))
        return tf.reduce_mean((norm - 1.0) ** 2)

    def train_step(self, real):
        batch_size = tf.shape(real)[0]
        for _ in range(self.critic_steps):
            noise = tf.random.normal([batch_size, self.latent_dim])
            with tf.GradientTape() as tape:
                fake = self.generator(noise, training=True)
                d_cost = tf.reduce_mean(self.critic(fake)) - tf.reduce_mean(self.critic(real))
                d_loss = d_cost + self.gp_weight * self.gradient_penalty(real, fake)
            d_gradient = tape.gradient(d_loss, self.critic.trainable_variables)
            self.d_optimizer.apply_gradients(zip(d_gradient, self.critic.trainable_variables))

        noise = tf.random.normal([batch_size, self.latent_dim])
        with tf.GradientTape() as tape:
            g_loss = -tf.reduce_mean(self.critic(self.generator(noise, training=True)))
        g_gradient = tape.gradient(g_loss, self.generator.trainable_variables)
        self.g_optimizer.apply_gradients(zip(g_gradient, self.generator.trainable_variables))
        return {"d_loss": d_loss, "g_loss": g_loss}


if __name__ == "__main__":
    rng = np.random.RandomState(9)
    wgan = WGAN()
    for step in range(20):
        real = tf.convert_to_tensor(rng.normal(2.0, 0.5, (16, 2)).astype("float32"))
        losses = wgan.train_step(real)
        print(step, float(losses["d_loss"]), float(losses["g_loss"]))
