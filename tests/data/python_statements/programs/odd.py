# Nothing here runs: each line is one that some Python or coverage.py counts otherwise than others.
"""Doc."""
import abc
import sys, typing
if typing.TYPE_CHECKING:
    import os
x: int
y: int = 1
class D:
    """doc"""
    a: int
    b: str = "x"
    """attribute doc"""
    ...
class E: pass
class F:
    pass
def nothing(): ...
def nothing2():
    """doc"""
def nothing3():
    """doc"""
    pass
def g():
    global x
    def h():
        nonlocal z
        z = 2
    z = 1
    v: int
    w: int = 3
    assert True
    assert 1, "msg"
    assert (
        z
    ), "no"
    None
    1
    "text"
    b"bytes"
    ...
    z
    (1, 2)
    not 1
    -1
    f"{z}"
    1 + 1
    return None
    print("dead")
def loops():
    while True:
        if x:
            continue
        else:
            break
        pass
    while 1:
        pass
        break
    else:
        pass
    while not 0:
        break
    while False:
        print(1)
    else:
        print(2)
    for i in ():
        pass
    for i in range(3):
        continue
    for i in []:
        break
    else:
        pass
    if True:
        pass
    if 1:
        print(3)
    else:
        print(4)
    if 0:
        print(5)
    elif x:
        print(6)
    if __debug__:
        print(7)
    if not __debug__:
        print(8)
    if None:
        print(9)
    if () or x:
        print(10)
    if x and 1:
        pass
    if 1 and 0:
        print(11)
    if "a":
        pass
    elif "b":
        print(12)
    else:
        pass
def tries():
    try:
        pass
    except ValueError:
        pass
    else:
        pass
    finally:
        pass
    try:
        return 1
    except (ValueError,
            TypeError) as e:
        raise
    finally:
        print(2)
    try:
        print(3)
    finally:
        pass
    with open("a") as f:
        pass
    with open("a") as f, \
         open("b"):
        pass
    with open("a"):
        return
    print("after")
def ends():
    if x:
        return 1
    else:
        return 2
    print("dead")
    return
def raising():
    raise ValueError
    print("dead")
@typing.no_type_check
@typing.overload
def deco(
    a=1,
    b=(2,
       3),
):
    return a
@typing.final
class G(
    object,
):
    @property
    def p(self): return 1
    @staticmethod
    async def q():
        async with x as y:
            pass
        async for i in x:
            pass
        await x
        return [i async for i in x]
z = [
    i
    for i in range(3)
    if i
]
w = {
    "a": 1,
    "b": lambda:
        2,
}
foo = (
    1
    +
    2
)
call(
    1,
    2,
) if x else None
a = b = \
    1
if x: pass
elif y: pass
else: pass
for k in z: pass
while x: x -= 1
try: pass
except: pass
def gen():
    yield
    x = yield
    yield from ()
    del x
    return
def lam(): return (lambda: (
    yield
))
def last():
    if x:
        pass
    else:
        pass
def last2():
    for i in z:
        if i:
            pass
        else:
            continue
    pass
def last3():
    global q
def last4():
    while True:
        pass
def strs():
    x = """a
    b""" """c
    d"""
    """not a
    doc"""
    '''and %s
    ''' % x
class Only:
    x: int
class OnlyDoc:
    "doc"
"""end"""
