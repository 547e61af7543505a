"""Keras's functional API, written as classes before anything is converted.

`keras.Model(inputs, outputs)` states a graph of calls. A class with the layers in `__init__` and the calls in `call`
states the same model, and the conversion knows classes. So this is a step from Keras to Keras: it splits each
function that handles tensors of a model by what is known when. What depends on the configuration alone runs in
`__init__`, what depends on tensors runs in `call`, and the loops and conditions around both stand in both.
"""
