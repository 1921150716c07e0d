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
from matplotlib.figure import Figure


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


# %%
def plot_curve(xs: list[float]) -> Figure:
    """The squares of ``xs``."""
    fig, ax = plt.subplots()
    ax.plot(xs, [square(x) for x in xs])
    ax.set(xlabel="$x$", ylabel="$x^2$")
    return fig


# %%
def main() -> dict[str, object]:
    """Print one square, plot four."""
    print("square of 3:", square(3))
    plot_curve([0, 1, 2, 3])
    plt.show()
    print("letters:", *sorted({"a", "b", "c"}))
    return {"nine": square(3.0), "halves": [0.5, -1.5]}


# %%
if __name__ == "__main__":
    main()
