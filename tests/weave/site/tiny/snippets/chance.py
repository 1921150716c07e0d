# %% [markdown] lang="zh"
# # 偶然
# %% [markdown] lang="en"
# # Chance

# %%
"""What would differ from run to run, and from machine to machine."""

import os

import numpy as np


# %%
def main() -> dict[str, object]:
    """Print in pieces, as a set hashes, and a sum that threads would share."""
    for number in range(24):  # cut by chance, as by the clock
        print(number, end=" ", flush=bool(os.urandom(1)[0] % 2))
    print(*{"one", "two", "three", "four"})
    wave = np.sin(np.arange(100_000.0))
    print(repr(float(wave @ wave)))
    return {}


# %%
if __name__ == "__main__":
    main()
