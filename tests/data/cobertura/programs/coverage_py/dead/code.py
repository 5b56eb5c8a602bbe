def rates(member):
    if member:
        return 90
    return 100


rates(True)
if 0:
    @staticmethod
    @classmethod
    class Old(
        dict,
    ):
        pass
