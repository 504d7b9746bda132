from types import SimpleNamespace

from home.templatetags.plan import nested


def page(path):
    return SimpleNamespace(path=path)


def shape(nodes):
    return [(node["page"].path, shape(node["enfants"])) for node in nodes]


def test_pages_in_tree_order_become_nested_lists():
    tree = nested([page(path) for path in ("0001", "00010001", "000100010001", "00010002")])
    assert shape(tree) == [("0001", [("00010001", [("000100010001", [])]), ("00010002", [])])]


def test_a_page_whose_parent_is_hidden_stands_under_its_nearest_ancestor():
    assert shape(nested([page("0001"), page("000100020001"), page("0002")])) == [
        ("0001", [("000100020001", [])]),
        ("0002", []),
    ]
