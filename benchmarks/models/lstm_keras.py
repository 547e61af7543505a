"""A language model of two LSTM layers as people write it in Keras."""

import keras
from keras import layers


class LanguageModel(keras.Model):
    def __init__(self, vocab=500, embed=128, hidden=128):
        super().__init__()
        self.embed = layers.Embedding(vocab, embed)
        self.lstm1 = layers.LSTM(hidden, return_sequences=True)
        self.lstm2 = layers.LSTM(hidden, return_sequences=True)
        self.head = layers.Dense(vocab)

    def call(self, tokens):
        x = self.embed(tokens)
        x = self.lstm1(x)
        x = self.lstm2(x)
        return self.head(x)
