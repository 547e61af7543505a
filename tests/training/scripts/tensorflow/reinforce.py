import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


class Bandits:
    """Each state has an arm that pays; the next state is drawn whatever was done."""

    def __init__(self, states=4, arms=3, seed=0):
        self.rng = np.random.RandomState(seed)
        self.states, self.arms = states, arms

    def reset(self):
        self.state = self.rng.randint(self.states)
        return np.eye(self.states, dtype=np.float32)[self.state]

    def step(self, action):
        reward = 1.0 if action == self.state % self.arms else 0.0
        return self.reset(), reward


num_hidden, num_actions = 16, 3


class ActorCritic(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.common = layers.Dense(num_hidden, activation="relu")
        self.actor = layers.Dense(num_actions)
        self.critic = layers.Dense(1)

    def call(self, inputs):
        x = self.common(inputs)
        return self.actor(x), self.critic(x)


env = Bandits()
chance = np.random.RandomState(1)
model = ActorCritic()
optimizer = tf.keras.optimizers.Adam(learning_rate=0.01)
huber_loss = tf.keras.losses.Huber(reduction="sum")


def run_episode(state, steps=6):
    action_log_probs, values, rewards = [], [], []
    for t in range(steps):
        logits, value = model(tf.expand_dims(state, 0))
        probs = tf.nn.softmax(logits)
        cumulated = np.cumsum(probs.numpy()[0])
        action = int(np.sum(cumulated < chance.rand() * cumulated[-1]))
        action_log_probs.append(tf.math.log(probs[0, action]))
        values.append(tf.squeeze(value))
        state, reward = env.step(action)
        rewards.append(reward)
    return tf.stack(action_log_probs), tf.stack(values), rewards


def get_expected_return(rewards, gamma=0.9):
    returns, discounted_sum = [], 0.0
    for reward in reversed(rewards):
        discounted_sum = reward + gamma * discounted_sum
        returns.append(discounted_sum)
    return tf.constant(returns[::-1], dtype=tf.float32)


for episode in range(20):
    with tf.GradientTape() as tape:
        action_probs, values, rewards = run_episode(env.reset())
        returns = get_expected_return(rewards)
        advantage = tf.stop_gradient(returns - values)
        actor_loss = -tf.reduce_sum(action_probs * advantage)
        critic_loss = huber_loss(tf.expand_dims(values, 0), tf.expand_dims(returns, 0))
        loss = actor_loss + critic_loss
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    print(f"Episode {episode}: reward {sum(rewards)}, loss {float(loss):.4f}")
