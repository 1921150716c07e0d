# %% [markdown] lang="zh"
# # 偶然
# %% [markdown] lang="en"
# # Chance

# %%
"""What would differ from run to run, and from machine to machine."""

import os

import numpy as np

# %% name="pieces"
if __name__ == "__main__":
    for number in range(24):  # cut by chance, as by the clock
        print(number, end=" ", flush=bool(os.urandom(1)[0] % 2))

# %% name="order"
if __name__ == "__main__":
    words = {"one", "two", "three", "four"}  # in the order of their hashes
    print(*words)

# %% name="wave"
if __name__ == "__main__":
    wave = np.sin(np.arange(100_000.0))
    energy = wave @ wave  # a sum that threads would share
    print(repr(float(energy)))
