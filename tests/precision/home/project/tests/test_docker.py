import docker


def test_docker():
    assert docker
