# %% [markdown] lang="zh"
# # 平方
#
# 画出 $y = x^2 < 10$。
# %% [markdown] lang="en"
# # The square
#
# Draws $y = x^2 < 10$.

# %%
"""The square of a few numbers."""

import matplotlib.pyplot as plt


# %% [markdown] lang="zh"
# ## 函数
#
# $$
# y = x^2
# $$
# %% [markdown] lang="en"
# ## The function
#
# $$
# y = x^2
# $$
# %%
def square(x: float) -> float:
    """x²"""
    return x * x


# %% name="curve"
if __name__ == "__main__":
    nine, halves = square(3.0), [0.5, -1.5]
    print("square of 3:", square(3))
    xs = range(4)
    fig, ax = plt.subplots()
    ax.plot(xs, [square(x) for x in xs])
    ax.set(xlabel="$x$", ylabel="$x^2$")
    plt.show()
    print("letters:", *sorted({"a", "b", "c"}))
