"""Units of measure by name: scale to base units as exact rationals, and dimension.

Sources: the SI brochure (9th edition, 2019) for SI units and constants, NIST SP 811 for the others. Base units are m,
kg, s, A, K, mol, cd, rad, bit and one per currency: money is never converted between currencies.
"""

from functools import cache

from flint import fmpq

from reward_server.mathematics.tree.unit import Unit

Dimension = dict[str, int]

_M, _KG, _S = {"m": 1}, {"kg": 1}, {"s": 1}
_SPEED, _AREA, _VOLUME = {"m": 1, "s": -1}, {"m": 2}, {"m": 3}
_FORCE, _ENERGY, _POWER = {"kg": 1, "m": 1, "s": -2}, {"kg": 1, "m": 2, "s": -2}, {"kg": 1, "m": 2, "s": -3}
_PRESSURE, _CHARGE, _VOLT = {"kg": 1, "m": -1, "s": -2}, {"A": 1, "s": 1}, {"kg": 1, "m": 2, "s": -3, "A": -1}
_FIELD = {"kg": 1, "s": -2, "A": -1}

_PREFIXES = {"Y": 24, "Z": 21, "E": 18, "P": 15, "T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "d": -1, "c": -2, "m": -3,
             "μ": -6, "u": -6, "n": -9, "p": -12, "f": -15, "a": -18}  # fmt: skip
_LONG_PREFIXES = {"tera": 12, "giga": 9, "mega": 6, "kilo": 3, "hecto": 2, "deci": -1, "centi": -2, "milli": -3,
                  "micro": -6, "nano": -9, "pico": -12, "femto": -15}  # fmt: skip

_PREFIXED: dict[str, tuple[str, fmpq, Dimension]] = {
    "m": ("meter metre", fmpq(1), _M), "g": ("gram gramme gm", fmpq(1, 1000), _KG), "s": ("second sec", fmpq(1), _S),
    "A": ("ampere amp", fmpq(1), {"A": 1}), "K": ("kelvin", fmpq(1), {"K": 1}), "mol": ("mole", fmpq(1), {"mol": 1}),
    "cd": ("candela", fmpq(1), {"cd": 1}), "Hz": ("hertz", fmpq(1), {"s": -1}), "N": ("newton", fmpq(1), _FORCE),
    "Pa": ("pascal", fmpq(1), _PRESSURE), "J": ("joule", fmpq(1), _ENERGY), "W": ("watt", fmpq(1), _POWER),
    "C": ("coulomb", fmpq(1), _CHARGE), "V": ("volt", fmpq(1), _VOLT),
    "F": ("farad", fmpq(1), {"A": 2, "s": 4, "kg": -1, "m": -2}),
    "Ω": ("ohm", fmpq(1), {"kg": 1, "m": 2, "s": -3, "A": -2}),
    "S": ("siemens", fmpq(1), {"kg": -1, "m": -2, "s": 3, "A": 2}),
    "Wb": ("weber", fmpq(1), {"kg": 1, "m": 2, "s": -2, "A": -1}), "T": ("tesla", fmpq(1), _FIELD),
    "H": ("henry", fmpq(1), {"kg": 1, "m": 2, "s": -2, "A": -2}), "Bq": ("becquerel", fmpq(1), {"s": -1}),
    "Sv": ("sievert", fmpq(1), {"m": 2, "s": -2}), "Gy": ("gray", fmpq(1), {"m": 2, "s": -2}),
    "L": ("liter litre", fmpq(1, 1000), _VOLUME), "l": ("", fmpq(1, 1000), _VOLUME),
    "eV": ("electronvolt", fmpq(1602176634, 10**28), _ENERGY), "cal": ("calorie", fmpq(4184, 1000), _ENERGY),
    "bar": ("", fmpq(10**5), _PRESSURE), "M": ("molar", fmpq(1000), {"mol": 1, "m": -3}),
    "pc": ("parsec", fmpq(30856775814913673), _M), "Wh": ("", fmpq(3600), _ENERGY), "b": ("", fmpq(1), {"bit": 1}),
    "B": ("byte", fmpq(8), {"bit": 1}), "G": ("gauss", fmpq(1, 10000), _FIELD), "dyn": ("dyne", fmpq(1, 10**5), _FORCE),
    "erg": ("", fmpq(1, 10**7), _ENERGY), "rad": ("radian", fmpq(1), {"rad": 1}), "P": ("poise", fmpq(1, 10),
    {"kg": 1, "m": -1, "s": -1}), "Da": ("dalton", fmpq(166053906660, 10**38), _KG), "Whr": ("", fmpq(3600), _ENERGY),
}  # fmt: skip

_PLAIN: dict[str, tuple[fmpq, Dimension]] = {
    "min minute mins": (fmpq(60), _S), "h hr hour hrs": (fmpq(3600), _S), "day days d": (fmpq(86400), _S),
    "week wk": (fmpq(604800), _S), "month": (fmpq(1), {"month": 1}), "year yr y yrs": (fmpq(12), {"month": 1}),
    "decade": (fmpq(120), {"month": 1}), "century centurie": (fmpq(1200), {"month": 1}),
    "in inch inche": (fmpq(254, 10**4), _M), "ft foot feet": (fmpq(3048, 10**4), _M),
    "yd yard": (fmpq(9144, 10**4), _M), "mi mile": (fmpq(1609344, 1000), _M),
    "angstrom Å AA ångström": (fmpq(1, 10**10), _M), "micron": (fmpq(1, 10**6), _M),
    "ly lightyear": (fmpq(9460730472580800), _M), "AU au": (fmpq(149597870700), _M),
    "kgs Kg Kgs KG кг": (fmpq(1), _KG), "г": (fmpq(1, 1000), _KG), "kms Km Kms KM км": (fmpq(1000), _M),
    "км/ч 千米/时 千米/小时": (fmpq(1000, 3600), _SPEED), "м/с 米/秒": (fmpq(1), _SPEED),
    "см": (fmpq(1, 100), _M), "мм": (fmpq(1, 1000), _M), "м": (fmpq(1), _M),
    "Stunde Stunden heure heures hora horas ore час часа часов 時間 시간": (fmpq(3600), _S),
    "Minuten minutos minuti минут минуты мин": (fmpq(60), _S),
    "Sekunden secondes segundos secondi секунд": (fmpq(1), _S),
    "lb lbs pound": (fmpq(45359237, 10**8), _KG), "oz ounce": (fmpq(45359237, 16 * 10**8), _KG),
    "ton t tonne": (fmpq(1000), _KG), "amu": (fmpq(166053906660, 10**38), _KG), "lbf": (fmpq(44482216152605, 10**13),
    _FORCE), "mph": (fmpq(44704, 10**5), _SPEED), "kph kmh": (fmpq(1000, 3600), _SPEED), "mps": (fmpq(1), _SPEED),
    "knot kn kt": (fmpq(1852, 3600), _SPEED), "rpm": (fmpq(1, 60), {"s": -1}), "sqft": (fmpq(9290304, 10**8), _AREA),
    "ha hectare": (fmpq(10**4), _AREA), "acre": (fmpq(40468564224, 10**7), _AREA), "cc": (fmpq(1, 10**6), _VOLUME),
    "gal gallon": (fmpq(3785411784, 10**12), _VOLUME), "qt quart": (fmpq(946352946, 10**12), _VOLUME),
    "pint pt": (fmpq(473176473, 10**12), _VOLUME), "cup": (fmpq(2365882365, 10**13), _VOLUME),
    "tbsp tablespoon": (fmpq(147867647813, 10**16), _VOLUME), "tsp teaspoon": (fmpq(492892159375, 10**17), _VOLUME),
    "floz": (fmpq(295735295625, 10**16), _VOLUME), "atm atmosphere": (fmpq(101325), _PRESSURE),
    "torr Torr mmHg": (fmpq(101325, 760), _PRESSURE), "psi": (fmpq(6894757293168, 10**9), _PRESSURE),
    "hp horsepower": (fmpq(7457, 10), _POWER), "D debye": (fmpq(333564, 10**35), {"A": 1, "s": 1, "m": 1}),
    "Btu BTU": (fmpq(105505585262, 10**8), _ENERGY), "lumen lm": (fmpq(1), {"cd": 1}),
    "dollar USD bucks buck $": (fmpq(1), {"USD": 1}), "cent ¢": (fmpq(1, 100), {"USD": 1}),
    "dime": (fmpq(1, 10), {"USD": 1}), "nickel": (fmpq(1, 20), {"USD": 1}), "euro EUR €": (fmpq(1), {"EUR": 1}),
    "£ GBP quid": (fmpq(1), {"GBP": 1}), "pence": (fmpq(1, 100), {"GBP": 1}),
    "¥ yuan CNY RMB 元": (fmpq(1), {"CNY": 1}),
    "yen JPY": (fmpq(1), {"JPY": 1}), "rupee Rs INR ₹ Rs.": (fmpq(1), {"INR": 1}), "bit": (fmpq(1), {"bit": 1}),
    "atom particle electron molecule photon neutron proton ion count decay event nucleon": (fmpq(1), {}),
    "dozen": (fmpq(12), {"?": 1}), "rev revolution": (fmpq(1), {"?": 1}), "dB decibel": (fmpq(1), {"dB": 1}),
    "ppm": (fmpq(1), {"ppm": 1}),
    "ppb": (fmpq(1, 1000), {"ppm": 1}),
    "厘米": (fmpq(1, 100), _M), "米": (fmpq(1), _M), "千米 公里": (fmpq(1000), _M), "毫米": (fmpq(1, 1000), _M),
    "分米": (fmpq(1, 10), _M), "千克 公斤": (fmpq(1), _KG), "克": (fmpq(1, 1000), _KG), "吨": (fmpq(1000), _KG),
    "小时": (fmpq(3600), _S), "分钟": (fmpq(60), _S), "秒": (fmpq(1), _S), "天": (fmpq(86400), _S),
    "平方米": (fmpq(1), _AREA), "平方厘米": (fmpq(1, 10**4), _AREA), "立方米": (fmpq(1), _VOLUME),
    "立方厘米": (fmpq(1, 10**6), _VOLUME), "平方分米": (fmpq(1, 100), _AREA), "角": (fmpq(1, 10), {"CNY": 1}),
    "平方千米": (fmpq(10**6), _AREA), "升": (fmpq(1, 1000), _VOLUME), "毫升": (fmpq(1, 10**6), _VOLUME),
    "分": (fmpq(1), {"?": 1}), "年": (fmpq(12), {"month": 1}),
}  # fmt: skip

UNKNOWN = (("?", 1),)
DEGREE = Unit("degree", fmpq(1, 180), (("rad", 1),), pi_power=1)
_ANGLES = {
    "degree deg degrees °": DEGREE,
    "arcmin arcminute": Unit("arcminute", fmpq(1, 180 * 60), (("rad", 1),), 1),
    "arcsec arcsecond": Unit("arcsecond", fmpq(1, 180 * 3600), (("rad", 1),), 1),
    **dict.fromkeys(("度", "градусов", "градуса", "Grad", "degrés", "grados", "gradi", "graus"), DEGREE),
}
CELSIUS = Unit("celsius", fmpq(1), (("K", 1),), offset=fmpq(27315, 100))
FAHRENHEIT = Unit("fahrenheit", fmpq(5, 9), (("K", 1),), offset=fmpq(45967, 180))
DOLLAR = Unit("dollar", fmpq(1), (("USD", 1),))
CURRENCIES = {"$": DOLLAR, "€": Unit("euro", fmpq(1), (("EUR", 1),)), "£": Unit("pound", fmpq(1), (("GBP", 1),)),
              "¥": Unit("yuan", fmpq(1), (("CNY", 1),)), "₹": Unit("rupee", fmpq(1), (("INR", 1),))}  # fmt: skip


def _power_of_ten(exponent: int) -> fmpq:
    return fmpq(10) ** exponent


@cache
def units() -> dict[str, Unit]:
    """Every known name with its unit; plurals and the forms of long names included."""
    table: dict[str, Unit] = {}

    def add(name: str, scale: fmpq, dimension: Dimension) -> None:
        table.setdefault(name, Unit(name, scale, tuple(sorted(dimension.items()))))

    for symbol, (long_names, scale, dimension) in _PREFIXED.items():
        add(symbol, scale, dimension)
        for name in long_names.split():
            for form in (name, name + "s"):
                add(form, scale, dimension)
                for prefix, exponent in _LONG_PREFIXES.items():
                    add(prefix + form, scale * _power_of_ten(exponent), dimension)
    for names, (scale, dimension) in _PLAIN.items():
        for name in names.split():
            add(name, scale, dimension)
            if len(name) > 2:
                add(name + "s", scale, dimension)
    for symbol, (_, scale, dimension) in _PREFIXED.items():
        for prefix, exponent in _PREFIXES.items():
            add(prefix + symbol, scale * _power_of_ten(exponent), dimension)
    for names, unit in _ANGLES.items():
        table.update(dict.fromkeys(names.split(), unit))
    table.update(dict.fromkeys(("celsius", "Celsius", "°C", "摄氏度"), CELSIUS))
    table.update(dict.fromkeys(("fahrenheit", "Fahrenheit", "°F"), FAHRENHEIT))
    return table


units()  # made with the module, since it takes longer than most grades
