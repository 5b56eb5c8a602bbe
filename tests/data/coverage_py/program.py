"""Doc of the module."""
import sys


class A:
    """Doc of a class."""

    def m(self, x):
        """Doc of a method."""
        if x:  # pragma: no branch
            y = 1
        while x > 5:
            x -= 1
            if x == 7:
                break
        else:
            y = 2
        return y

    def n(self):  # pragma: no cover
        return 1


def f(v):
    match v:
        case 1:
            return "one"
        case 2:  # pragma: no cover
            return "two"
        case _:
            pass
    for i in range(v):
        if i == 3: continue
        print(
            i,
            v,
        )
    try:
        return [z for z in range(v) if z]
    finally:
        print("fin")


if __name__ == "__main__":  # pragma: no cover
    A().m(6); f(1); f(2); f(5)
    sys.exit(0)
