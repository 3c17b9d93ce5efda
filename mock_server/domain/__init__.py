"""What messages mean: pure functions on plain data, without HTTP and without a store.

A record is the compact JSON text of one object. Texts and not objects are kept and compared: they take
a fifth of the memory, the garbage collector never looks at them, and a read is a copy.
"""
