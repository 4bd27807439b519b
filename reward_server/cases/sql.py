"""A hundred gold queries over four databases, hand-written equivalents, and queries that only look right.

97 of 100 mutants have to be refused: `benchmarks/sql_mutants.py` prints how many are.
"""

import re
from typing import Any

from . import Case

SHOP = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT, age INTEGER);
CREATE TABLE product (id INTEGER PRIMARY KEY, title TEXT NOT NULL, price REAL NOT NULL, category TEXT);
CREATE TABLE purchase (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer(id),
  product_id INTEGER REFERENCES product(id), quantity INTEGER NOT NULL, day TEXT NOT NULL);
INSERT INTO customer VALUES (1,'Ann','Lyon',34),(2,'Bob','Nice',51),(3,'Cid','Lyon',28),(4,'Dora',NULL,40);
INSERT INTO product VALUES (1,'pen',2.5,'office'),(2,'desk',250,'furniture'),(3,'lamp',40,'furniture');
INSERT INTO purchase VALUES (1,1,1,10,'2024-01-05'),(2,1,2,1,'2024-02-01'),(3,2,3,2,'2024-02-01'),
  (4,3,1,5,'2023-12-31');
"""
SCHOOL = """
CREATE TABLE student (id INTEGER PRIMARY KEY, name TEXT NOT NULL, year INTEGER NOT NULL, gpa REAL);
CREATE TABLE course (id INTEGER PRIMARY KEY, title TEXT NOT NULL, credits INTEGER NOT NULL, teacher TEXT);
CREATE TABLE enrolment (student_id INTEGER NOT NULL REFERENCES student(id),
  course_id INTEGER NOT NULL REFERENCES course(id), grade INTEGER);
INSERT INTO student VALUES (1,'Eve',2021,3.5),(2,'Fay',2022,2.9),(3,'Gil',2021,NULL);
INSERT INTO course VALUES (1,'Algebra',6,'Noether'),(2,'Logic',4,'Tarski'),(3,'Poetry',4,NULL);
INSERT INTO enrolment VALUES (1,1,90),(1,2,75),(2,1,60),(3,3,NULL);
"""
STAFF = """
CREATE TABLE department (id INTEGER PRIMARY KEY, name TEXT NOT NULL, budget INTEGER);
CREATE TABLE employee (id INTEGER PRIMARY KEY, name TEXT NOT NULL, salary INTEGER NOT NULL,
  department_id INTEGER REFERENCES department(id), manager_id INTEGER REFERENCES employee(id), hired TEXT NOT NULL);
INSERT INTO department VALUES (1,'Sales',1000),(2,'Research',5000),(3,'Legal',NULL);
INSERT INTO employee VALUES (1,'Hal',90,2,NULL,'2015-03-01'),(2,'Ida',60,2,1,'2019-07-15'),
  (3,'Jon',55,1,1,'2020-01-01'),(4,'Kim',70,NULL,1,'2018-11-30');
"""
FLIGHTS = """
CREATE TABLE airport (code TEXT PRIMARY KEY, city TEXT NOT NULL, country TEXT NOT NULL);
CREATE TABLE flight (number TEXT PRIMARY KEY, origin TEXT NOT NULL REFERENCES airport(code),
  target TEXT NOT NULL REFERENCES airport(code), minutes INTEGER NOT NULL, price INTEGER);
INSERT INTO airport VALUES ('CDG','Paris','France'),('NCE','Nice','France'),('FCO','Rome','Italy');
INSERT INTO flight VALUES ('A1','CDG','FCO',125,180),('A2','FCO','CDG',130,170),('B7','NCE','CDG',90,80);
"""


def _lines(text: str) -> list[str]:
    """Return one statement a line; a line that begins with blanks continues the one before."""
    return re.sub(r"\n +", " ", text.strip()).split("\n")


_SHOP_GOLDS = """
SELECT name FROM customer WHERE age > 30
SELECT name, city FROM customer WHERE city = 'Lyon' AND age < 40
SELECT DISTINCT city FROM customer
SELECT COUNT(*) FROM customer WHERE city IS NOT NULL
SELECT city, COUNT(*) FROM customer GROUP BY city
SELECT city, AVG(age) FROM customer GROUP BY city HAVING COUNT(*) >= 2
SELECT title FROM product WHERE price BETWEEN 10 AND 100
SELECT title FROM product WHERE title LIKE 'l%'
SELECT MAX(price) FROM product WHERE category = 'furniture'
SELECT category, MIN(price) FROM product GROUP BY category
SELECT title FROM product ORDER BY price DESC
SELECT title FROM product ORDER BY price DESC LIMIT 1
SELECT c.name, p.title FROM purchase u JOIN customer c ON u.customer_id = c.id JOIN product p ON u.product_id =
  p.id
SELECT c.name FROM customer c LEFT JOIN purchase u ON u.customer_id = c.id WHERE u.id IS NULL
SELECT c.name, COUNT(u.id) FROM customer c LEFT JOIN purchase u ON u.customer_id = c.id GROUP BY c.id
SELECT SUM(u.quantity * p.price) FROM purchase u JOIN product p ON u.product_id = p.id
SELECT c.name, SUM(u.quantity) FROM customer c JOIN purchase u ON u.customer_id = c.id GROUP BY c.id HAVING
  SUM(u.quantity) > 5
SELECT title FROM product WHERE id NOT IN (SELECT product_id FROM purchase WHERE product_id IS NOT NULL)
SELECT day, COUNT(*) FROM purchase GROUP BY day ORDER BY day
SELECT COUNT(DISTINCT customer_id) FROM purchase WHERE day >= '2024-01-01'
SELECT name FROM customer WHERE age = (SELECT MAX(age) FROM customer)
SELECT name FROM customer WHERE city IN ('Lyon', 'Nice')
SELECT p.category, SUM(u.quantity) FROM product p JOIN purchase u ON u.product_id = p.id GROUP BY p.category
SELECT name FROM customer WHERE age > (SELECT AVG(age) FROM customer)
SELECT title FROM product WHERE price > 30 OR category = 'office'
"""
_SCHOOL_GOLDS = """
SELECT name FROM student WHERE gpa >= 3.0
SELECT name FROM student WHERE gpa IS NULL
SELECT year, COUNT(*) FROM student GROUP BY year
SELECT year, AVG(gpa) FROM student GROUP BY year ORDER BY year DESC
SELECT title FROM course WHERE credits > 4
SELECT SUM(credits) FROM course
SELECT DISTINCT credits FROM course ORDER BY credits
SELECT s.name FROM student s JOIN enrolment e ON e.student_id = s.id WHERE e.course_id = 1
SELECT s.name, c.title, e.grade FROM student s JOIN enrolment e ON e.student_id = s.id JOIN course c ON c.id =
  e.course_id WHERE e.grade > 70
SELECT c.title, AVG(e.grade) FROM course c JOIN enrolment e ON e.course_id = c.id GROUP BY c.id
SELECT c.title, COUNT(e.student_id) FROM course c LEFT JOIN enrolment e ON e.course_id = c.id GROUP BY c.id
SELECT s.name FROM student s WHERE NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.student_id = s.id)
SELECT s.name, SUM(c.credits) FROM student s JOIN enrolment e ON e.student_id = s.id JOIN course c ON c.id =
  e.course_id GROUP BY s.id
SELECT name FROM student WHERE year = 2021 AND gpa > 3
SELECT MAX(grade) - MIN(grade) FROM enrolment
SELECT student_id FROM enrolment GROUP BY student_id HAVING COUNT(*) > 1
SELECT teacher FROM course WHERE teacher IS NOT NULL ORDER BY teacher
SELECT name FROM student WHERE name LIKE '%a%'
SELECT c.teacher FROM course c JOIN enrolment e ON e.course_id = c.id GROUP BY c.teacher HAVING AVG(e.grade) <
  80
SELECT COUNT(*) FROM enrolment WHERE grade IS NULL
SELECT name, CASE WHEN gpa >= 3.5 THEN 'high' ELSE 'low' END FROM student
SELECT title FROM course WHERE credits = 4 ORDER BY title
SELECT COUNT(DISTINCT year) FROM student
SELECT s.name FROM student s JOIN enrolment e ON e.student_id = s.id GROUP BY s.id HAVING MIN(e.grade) >= 60
SELECT year FROM student GROUP BY year HAVING COUNT(*) > 1
"""
_STAFF_GOLDS = """
SELECT name FROM employee WHERE salary >= 60
SELECT d.name, COUNT(e.id) FROM department d LEFT JOIN employee e ON e.department_id = d.id GROUP BY d.id
SELECT d.name, AVG(e.salary) FROM department d JOIN employee e ON e.department_id = d.id GROUP BY d.id
SELECT e.name FROM employee e JOIN employee m ON e.manager_id = m.id WHERE e.salary > m.salary
SELECT e.name, m.name FROM employee e LEFT JOIN employee m ON e.manager_id = m.id
SELECT name FROM employee WHERE manager_id IS NULL
SELECT name FROM employee WHERE hired < '2019-01-01'
SELECT name FROM employee ORDER BY salary DESC, name
SELECT MAX(salary) FROM employee WHERE department_id = 2
SELECT department_id, SUM(salary) FROM employee GROUP BY department_id HAVING SUM(salary) > 100
SELECT d.name FROM department d WHERE d.id NOT IN (SELECT department_id FROM employee WHERE department_id IS NOT
  NULL)
SELECT m.name, COUNT(*) FROM employee e JOIN employee m ON e.manager_id = m.id GROUP BY m.id
SELECT COUNT(*) FROM employee WHERE salary BETWEEN 55 AND 70
SELECT name FROM department WHERE budget > 1000 OR budget IS NULL
SELECT e.name FROM employee e JOIN department d ON e.department_id = d.id WHERE d.name = 'Research'
SELECT d.name, MAX(e.salary) FROM department d JOIN employee e ON e.department_id = d.id GROUP BY d.id ORDER BY
  d.name
SELECT AVG(salary) FROM employee
SELECT DISTINCT department_id FROM employee WHERE department_id IS NOT NULL
SELECT name FROM employee WHERE salary > (SELECT AVG(salary) FROM employee)
SELECT substr(hired, 1, 4), COUNT(*) FROM employee GROUP BY substr(hired, 1, 4)
SELECT name FROM employee WHERE department_id = 1 UNION SELECT name FROM employee WHERE department_id = 2
SELECT name FROM employee WHERE department_id = 1 INTERSECT SELECT name FROM employee WHERE salary < 60
SELECT COUNT(*) FROM employee e JOIN department d ON e.department_id = d.id WHERE d.budget < 5000
SELECT SUM(budget) FROM department WHERE name <> 'Legal'
SELECT name, salary * 12 FROM employee WHERE salary < 70
"""
_FLIGHTS_GOLDS = """
SELECT number FROM flight WHERE origin = 'CDG'
SELECT number FROM flight WHERE minutes <= 125
SELECT origin, COUNT(*) FROM flight GROUP BY origin
SELECT a.city FROM airport a JOIN flight f ON f.target = a.code WHERE f.origin = 'NCE'
SELECT DISTINCT a.country FROM airport a JOIN flight f ON f.origin = a.code
SELECT AVG(price) FROM flight WHERE target = 'CDG'
SELECT number FROM flight WHERE price IS NULL
SELECT f.number FROM flight f JOIN airport o ON f.origin = o.code JOIN airport t ON f.target = t.code WHERE
  o.country = t.country
SELECT f.number FROM flight f JOIN airport o ON f.origin = o.code JOIN airport t ON f.target = t.code WHERE
  o.country <> t.country
SELECT a.code FROM airport a LEFT JOIN flight f ON f.origin = a.code WHERE f.number IS NULL
SELECT a.city, COUNT(f.number) FROM airport a LEFT JOIN flight f ON f.target = a.code GROUP BY a.code
SELECT MIN(minutes) FROM flight WHERE price < 175
SELECT number FROM flight ORDER BY minutes
SELECT origin, target, MAX(price) FROM flight GROUP BY origin, target
SELECT number FROM flight WHERE price > 100 AND minutes < 130
SELECT country, COUNT(*) FROM airport GROUP BY country HAVING COUNT(*) > 1
SELECT city FROM airport WHERE country = 'France' ORDER BY city
SELECT COUNT(DISTINCT target) FROM flight
SELECT a.number FROM flight a JOIN flight b ON a.origin = b.target AND a.target = b.origin
SELECT SUM(minutes) FROM flight WHERE origin IN ('CDG', 'NCE')
SELECT o.country, AVG(f.minutes) FROM flight f JOIN airport o ON f.origin = o.code GROUP BY o.country
SELECT number, price FROM flight WHERE price >= 80 ORDER BY price DESC, number
SELECT city FROM airport WHERE code IN (SELECT target FROM flight WHERE minutes > 100)
SELECT number FROM flight WHERE number LIKE 'A%'
SELECT o.city, t.city FROM flight f JOIN airport o ON f.origin = o.code JOIN airport t ON f.target = t.code
  WHERE f.minutes BETWEEN 100 AND 130
"""
GOLDS: list[tuple[str, str]] = [
    (database, gold)
    for database, golds in (
        (SHOP, _SHOP_GOLDS),
        (SCHOOL, _SCHOOL_GOLDS),
        (STAFF, _STAFF_GOLDS),
        (FLIGHTS, _FLIGHTS_GOLDS),
    )
    for gold in _lines(golds)
]
"""(database script, gold query)."""

EQUIVALENT = [
    (0, "SELECT c.name FROM customer AS c WHERE NOT (c.age <= 30)"),
    (2, "SELECT city FROM customer GROUP BY city"),
    (3, "SELECT COUNT(city) FROM customer"),
    (3, "SELECT COALESCE(SUM(CASE WHEN city IS NULL THEN 0 ELSE 1 END), 0) FROM customer"),
    (
        5,
        "WITH t AS (SELECT city, AVG(age) a, COUNT(*) n FROM customer GROUP BY city) SELECT city, a FROM t WHERE n > 1",
    ),
    (6, "SELECT title FROM product WHERE price >= 10 AND price <= 100"),
    (10, "SELECT p.title FROM product p ORDER BY -p.price"),
    (13, "SELECT name FROM customer WHERE NOT EXISTS (SELECT * FROM purchase WHERE customer_id = customer.id)"),
    (14, "SELECT name, (SELECT COUNT(*) FROM purchase WHERE customer_id = c.id) FROM customer c"),
    (17, "SELECT p.title FROM product p LEFT JOIN purchase u ON u.product_id = p.id WHERE u.id IS NULL"),
    (21, "SELECT name FROM customer WHERE city = 'Lyon' OR city = 'Nice'"),
    (25, "SELECT name FROM student WHERE NOT gpa < 3"),
    (31, "SELECT credits FROM course GROUP BY credits ORDER BY 1"),
    (36, "SELECT name FROM student WHERE id NOT IN (SELECT student_id FROM enrolment)"),
    (39, "SELECT (SELECT MAX(grade) FROM enrolment) - (SELECT MIN(grade) FROM enrolment)"),
    (45, "SELECT name, IIF(gpa >= 3.5, 'high', 'low') FROM student"),
    (49, "SELECT DISTINCT a.year FROM student a JOIN student b ON a.year = b.year AND a.id <> b.id"),
    (53, "SELECT a.name FROM employee a, employee b WHERE a.manager_id = b.id AND b.salary < a.salary"),
    (66, "SELECT SUM(salary) * 1.0 / COUNT(*) FROM employee"),
    (70, "SELECT DISTINCT name FROM employee WHERE department_id IN (1, 2)"),
    (77, "SELECT origin, SUM(1) FROM flight GROUP BY 1"),
    (84, "SELECT code FROM airport WHERE code NOT IN (SELECT origin FROM flight)"),
]
"""(index in GOLDS, another way to say it)."""

WRONG = [
    (3, "SELECT SUM(CASE WHEN city IS NULL THEN 0 ELSE 1 END) FROM customer"),
    (8, "SELECT price FROM product WHERE category = 'furniture' ORDER BY price DESC LIMIT 1"),
    (20, "SELECT name FROM customer ORDER BY age DESC LIMIT 1"),
    (
        60,
        "SELECT name FROM department EXCEPT SELECT d.name FROM department d JOIN employee e ON e.department_id = d.id",
    ),
    (24, "SELECT title FROM product WHERE price > 30 UNION SELECT title FROM product WHERE category = 'office'"),
    (70, "SELECT name FROM employee WHERE department_id IN (1, 2)"),
    (13, "SELECT name FROM customer WHERE id NOT IN (SELECT customer_id FROM purchase)"),
]
"""(index in GOLDS, what differs only by NULLs, ties, repeated rows or an empty table)."""


def task(index: int) -> dict[str, Any]:
    """Return the task of one gold query."""
    database, gold = GOLDS[index]
    return {"kind": "sql", "database": database, "ground_truth": gold}


def _sql(text: str) -> str:
    return f"```sql\n{text}\n```"


CASES = [Case(task(index), _sql(gold), "correct") for index, (_, gold) in enumerate(GOLDS)]
CASES += [Case(task(index), _sql(text), "correct") for index, text in EQUIVALENT]
CASES += [Case(task(index), _sql(text), "incorrect") for index, text in WRONG]
CASES += [
    Case(task(0), "SELECT name FROM customer WHERE age > 30;", "correct"),
    Case(task(0), "<think>over 30</think>\n<answer>SELECT name FROM customer WHERE age > 30</answer>", "correct"),
    Case(task(0), "SELECT name FROM customers WHERE age > 30", "runtime_error"),
    Case(task(0), "SELECT name WHERE", "incorrect"),
    Case(task(0), "All adults.", "no_answer"),
    Case(
        {**task(0), "dialect": "postgres", "database": "CREATE TABLE t (a INT, b VARCHAR(9));", "ground_truth":
         "SELECT CONCAT(b, 'x') FROM t WHERE a::int > 3 AND b ILIKE 'q%'"},
        _sql("SELECT b || 'x' FROM t WHERE a > 3 AND lower(b) LIKE 'q%'"), "correct",
    ),
]  # fmt: skip

ATTACKS = [
    Case(task(0), _sql(text), "", why)
    for text, why in [
        ("SELECT 'Ann' UNION ALL SELECT 'Bob' UNION ALL SELECT 'Dora'", "the rows written down"),
        ("VALUES ('Ann'), ('Bob'), ('Dora')", "the rows written down"),
        ("SELECT name FROM customer WHERE name IN ('Ann', 'Bob', 'Dora')", "the rows' names"),
        ("SELECT name FROM customer WHERE id IN (1, 2, 4)", "the rows' keys"),
        ("SELECT name FROM customer", "no condition"),
        ("SELECT name FROM customer WHERE 0", "no rows"),
        ("SELECT NULL WHERE 0", "no rows, one column"),
        ("SELECT * FROM customer WHERE age > 30", "every column"),
        ("SELECT name, name FROM customer WHERE age > 30", "a column twice"),
        ("SELECT DISTINCT name FROM customer WHERE age > 30", "equal names once"),
        ("SELECT name FROM customer WHERE age > 30 LIMIT 3", "cut"),
        ("SELECT name FROM customer WHERE age > 30 UNION ALL SELECT name FROM customer WHERE age > 30", "rows twice"),
        ("SELECT upper(name) FROM customer WHERE age > 30", "another case"),
        ("SELECT name || '' || char(0) FROM customer WHERE age > 30", "a hidden character"),
        ("DROP TABLE customer", "drops the table"),
        ("DELETE FROM customer WHERE age <= 30; SELECT name FROM customer", "changes the data first"),
        ("SELECT name FROM customer WHERE age > 30; DROP TABLE customer", "a second statement"),
        ("INSERT INTO customer SELECT * FROM customer RETURNING name", "returns rows from an insert"),
        ("ATTACH DATABASE '/tmp/x' AS x", "attaches a file"),
        ("PRAGMA writable_schema=ON", "a pragma"),
        ("SELECT load_extension('/tmp/x.so')", "loads code"),
        ("SELECT readfile('/etc/passwd')", "reads a file"),
        ("SELECT sql FROM sqlite_master", "the schema"),
        ("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r", "never ends"),
        ("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n FROM r) SELECT count(*) FROM r", "runs for ever"),
        ("SELECT randomblob(1000000000)", "a gigabyte"),
        ("SELECT name FROM customer WHERE age > 30 AND abs(random()) % 2 = 0", "by chance"),
        ("SELECT group_concat(name) FROM customer WHERE age > 30", "all rows in one"),
        ("SELECT (SELECT name FROM customer WHERE age > 30)", "the first row alone"),
        (f"SELECT name FROM customer WHERE age > {'9' * 20}", "a number beyond 64 bits"),
        (f"SELECT name FROM customer WHERE age > {'9' * 400}", "a number beyond every float"),
        (f"SELECT name FROM customer WHERE age > 1.5 AND age < {'9' * 400}.5 OR age > 1e999", "infinity"),
        (f"SELECT name FROM customer WHERE name < '{'x' * 15_000}'", "a text that fills the gold query's output"),
        ("SELECT name FROM customer WHERE name <> '²²²²-01-01' AND name <> '²²²²'", "digits that are no number"),
        ("SELECT name FROM customer WHERE name <> '\ud800' AND name <> '\x00'", "texts that are hard to send"),
        (
            (
                "SELECT name FROM customer, (WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 900) "
                "SELECT n FROM r) WHERE age > 30"
            ),
            "a result too long to be read at once",
        ),
        ("EXPLAIN SELECT name FROM customer WHERE age > 30", "a plan"),
        ("SELECT name FROM customer WHERE " + "(" * 5000 + "age > 30" + ")" * 5000, "nested five thousand times"),
    ]
]
